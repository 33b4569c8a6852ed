use std::collections::{BTreeSet, HashMap, HashSet};

pub struct Graph {
    edges: HashMap<u32, Vec<u32>>,
    order: Vec<u32>,
}

impl Graph {
    /// What is walked is changed meanwhile.
    pub fn prune(&mut self) {
        let dead: Vec<u32> = self.order.iter().copied().filter(|node| node % 2 == 1).collect();
        for node in dead {
            self.remove(node);
        }
        let left: Vec<u32> = self.edges.keys().copied().collect();
        for node in left {
            self.edges.insert(node, Vec::new());
        }
    }

    fn remove(&mut self, node: u32) {
        self.edges.remove(&node);
    }

    /// Changed by its places.
    pub fn swap_out(&mut self) {
        let order = &mut self.order;
        let odd: Vec<usize> = (0..order.len()).filter(|at| order[*at] % 2 == 1).collect();
        for at in odd.into_iter().rev() {
            order.swap_remove(at);
        }
    }

    /// Returned and stored.
    pub fn reversed(&self) -> Graph {
        let order: Vec<u32> = self.order.iter().rev().copied().collect();
        Graph { edges: HashMap::new(), order }
    }
}

/// All are in it before the first is taken out again.
pub fn filled_and_emptied(shelf: &Shelf, count: u32) {
    let places: Vec<usize> = (0..count).map(|n| shelf.insert(n)).collect();
    for place in places {
        shelf.remove(place);
    }
}

#[derive(Default)]
pub struct Shelf(std::cell::RefCell<Vec<Option<u32>>>);

impl Shelf {
    fn insert(&self, n: u32) -> usize {
        let mut kept = self.0.borrow_mut();
        kept.push(Some(n));
        kept.len() - 1
    }

    fn remove(&self, place: usize) {
        self.0.borrow_mut()[place] = None;
    }
}

/// By its index, and the next one.
pub fn pairs(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let mut pairs = 0;
    for at in 0..letters.len() {
        pairs += usize::from(at > 0 && letters[at] == letters[at - 1]);
    }
    pairs
}

/// Called for more than one walk, and by others.
fn squares(numbers: &[u32]) -> Vec<u32> {
    numbers.iter().map(|number| number * number).collect()
}

pub fn middle(numbers: &[u32]) -> u32 {
    let squares = squares(numbers);
    squares[squares.len() / 2]
}

pub trait Named {
    fn names(&self) -> Vec<String>;
}

/// The trait says what is returned.
impl Named for Graph {
    fn names(&self) -> Vec<String> {
        self.order.iter().map(|node| node.to_string()).collect()
    }
}

pub fn total(graph: &Graph) -> usize {
    graph.names().iter().map(String::len).sum()
}

/// Sorted.
pub fn ordered(words: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    words.sort();
    words
}

/// Each once, and in order.
pub fn distinct(words: &[&str]) -> String {
    let mut text = String::new();
    for word in words.iter().copied().collect::<BTreeSet<&str>>() {
        text.push_str(word);
    }
    for word in words.iter().copied().collect::<HashSet<&str>>() {
        text.push(if word.is_empty() { '-' } else { '+' });
    }
    text
}

/// Walked twice.
pub fn spread(numbers: &[u32]) -> Option<u32> {
    let squares: Vec<u32> = numbers.iter().map(|number| number * number).collect();
    Some(squares.iter().max()? - squares.iter().min()?)
}

/// The length is known before the walk.
pub fn list(numbers: &[u32]) -> String {
    let even: Vec<&u32> = numbers.iter().filter(|number| *number % 2 == 0).collect();
    let last = even.len();
    let mut text = String::new();
    for (at, _) in even.iter().enumerate() {
        text.push(if at + 1 == last { '.' } else { ',' });
    }
    text
}

/// Asked on each turn.
pub fn common(words: &[&str], others: &[&str]) -> usize {
    let known: HashSet<&str> = words.iter().copied().collect();
    let mut count = 0;
    for other in others {
        count += usize::from(known.contains(other));
    }
    count
}

/// By places that are computed.
pub fn median(numbers: &[u32]) -> u32 {
    let halves: Vec<u32> = numbers.iter().map(|number| number / 2).collect();
    halves[halves.len() / 2]
}

/// Stops at the first error.
pub fn parsed(words: &[&str]) -> Result<u32, std::num::ParseIntError> {
    let numbers = words.iter().map(|word| word.parse()).collect::<Result<Vec<u32>, _>>()?;
    let mut sum = 0;
    for number in numbers {
        sum += number;
    }
    Ok(sum)
}

/// All threads start before the first is waited for.
pub fn at_once(numbers: &[u32]) -> u32 {
    std::thread::scope(|scope| {
        let started: Vec<_> = numbers.iter().map(|n| scope.spawn(move || n * 2)).collect();
        started.into_iter().map(|one| one.join().unwrap()).sum()
    })
}

/// What comes back points into what was collected.
pub fn lower(text: &str) -> usize {
    let bytes: Vec<u8> = text.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    let lower = std::str::from_utf8(&bytes);
    lower.map_or(0, |lower| lower.matches("ab").count())
}

/// After the fixes.
pub fn after(words: &mut Vec<String>, text: &str) -> (bool, usize) {
    words.retain(|word| !word.is_empty());
    words.extend(text.split(',').map(str::to_owned));
    let mut long = words.iter().filter(|word| word.len() > 1).peekable();
    if long.peek().is_none() {
        return (false, 0);
    }
    (text.chars().rev().eq(text.chars()), long.map(|word| word.len()).sum())
}

/// What it would walk is moved where it would be walked.
pub fn measured(words: Vec<String>) -> Vec<(String, usize)> {
    let lengths: Vec<usize> = words.iter().map(|word| word.len()).collect();
    words.into_iter().zip(lengths).collect()
}

/// What a constructor needs the slice for, nobody sees.
pub fn swapped(units: &[u16]) -> usize {
    let made = String::from_utf16(&units.iter().map(|unit| unit.swap_bytes()).collect::<Vec<_>>());
    made.map_or(0, |made| made.len())
}

pub fn run() -> String {
    let mut graph = Graph { edges: HashMap::from([(2, vec![1])]), order: vec![1, 2] };
    graph.prune();
    graph.swap_out();
    filled_and_emptied(&Shelf::default(), 2);
    format!(
        "{} {} {} {:?} {:?} {} {:?} {} {} {} {:?} {} {} {:?} {:?} {}",
        pairs("aa"),
        middle(&[1, 2]),
        total(&graph),
        graph.reversed().order,
        ordered(&["b", "a"]),
        distinct(&["a", "a"]),
        spread(&[1, 2]),
        list(&[1, 2, 4]),
        common(&["a"], &["a", "b"]),
        median(&[1, 2, 3]),
        parsed(&["1", "2"]),
        at_once(&[1, 2]),
        lower("AB"),
        after(&mut vec!["ab".to_owned()], "aba"),
        measured(vec!["a".to_owned()]),
        swapped(&[0x6100])
    )
}
