use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

/// A pointer is copied.
pub fn shared(text: &Arc<String>) -> usize {
    let text = Arc::clone(text);
    let again = text.clone();
    again.len()
}

/// A number is no text.
pub fn digits(number: u32, wanted: &str) -> bool {
    number.to_string() == wanted
}

/// The copy ends the borrow of the map.
pub fn without_odd(map: &mut HashMap<u32, u32>) {
    let odd: Vec<u32> = map.keys().copied().filter(|key| key % 2 == 1).collect();
    for key in odd {
        map.remove(&key);
    }
    for key in map.keys().copied().collect::<Vec<_>>() {
        map.insert(key, 0);
    }
}

pub struct Words {
    text: String,
    seen: usize,
}

impl Words {
    /// The copy lets `self` be changed.
    pub fn count(&mut self) -> usize {
        for _ in self.text.clone().chars() {
            self.seen += 1;
        }
        let text = self.text.clone();
        self.text.push('x');
        self.seen + text.len()
    }
}

/// Kept.
pub fn kept(name: &str, names: &mut Vec<String>) -> usize {
    let name = name.to_owned();
    let length = name.len();
    names.push(name);
    length
}

/// A set holds each once.
pub fn distinct(words: &[&str]) -> usize {
    words.iter().collect::<HashSet<_>>().len()
}

/// Stops at the first error.
pub fn parsed(words: &[&str]) -> Result<u32, std::num::ParseIntError> {
    let numbers: Result<Vec<u32>, _> = words.iter().map(|word| word.parse()).collect();
    let mut sum = 0;
    for number in numbers? {
        sum += number;
    }
    Ok(sum)
}

/// Walked twice, and sorted.
pub fn middle(numbers: &[u32]) -> (u32, usize) {
    let mut sorted: Vec<u32> = numbers.iter().copied().collect();
    sorted.sort_unstable();
    let twice: Vec<u32> = numbers.iter().map(|n| n * 2).collect();
    let sum: u32 = twice.iter().sum();
    (sorted[sorted.len() / 2] + sum, twice.len())
}

/// The lock is let go before the work.
pub fn outside(queue: &Mutex<Vec<u32>>) -> u32 {
    let mut sum = 0;
    for number in queue.lock().unwrap().iter().copied().collect::<Vec<_>>() {
        sum += number;
    }
    sum
}

/// All threads start before the first is waited for.
pub fn at_once(numbers: &[u32]) -> u32 {
    std::thread::scope(|scope| {
        let started: Vec<_> = numbers.iter().map(|n| scope.spawn(move || n * 2)).collect();
        let mut sum = 0;
        for one in started {
            sum += one.join().unwrap();
        }
        sum
    })
}

/// The thread needs its own.
pub fn elsewhere(text: &str) -> usize {
    let text = text.to_owned();
    std::thread::spawn(move || text.len()).join().unwrap()
}

/// Asked again and again.
pub fn looked_up(text: &str, places: &[usize]) -> Vec<Option<char>> {
    let letters: Vec<char> = text.chars().collect();
    places.iter().map(|&at| letters.get(at).copied()).collect()
}

/// As many as are wanted; given away.
pub fn blanks(count: usize) -> Vec<String> {
    let mut lines = vec![1, 2];
    lines.push(count);
    for width in vec![count; count] {
        lines.push(width);
    }
    lines.into_iter().map(|width| " ".repeat(width)).collect()
}

pub fn run() -> String {
    let mut map = HashMap::from([(1, 1), (2, 2)]);
    without_odd(&mut map);
    let mut words = Words { text: "ab".to_owned(), seen: 0 };
    let mut names = Vec::new();
    format!(
        "{} {} {:?} {} {} {} {:?} {:?} {} {} {} {:?}",
        shared(&Arc::new("ab".to_owned())),
        digits(12, "12"),
        map,
        words.count(),
        kept("ab", &mut names),
        distinct(&["a", "a"]),
        parsed(&["1", "2"]),
        middle(&[3, 1, 2]),
        outside(&Mutex::new(vec![1, 2])),
        at_once(&[1, 2]),
        elsewhere("a"),
        blanks(1)
    )
}
