use std::collections::{BTreeMap, HashMap, HashSet};

/// The first position of each word.
pub fn positions(words: &[String]) -> HashMap<&str, usize> {
    let mut positions = HashMap::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let word = word.as_str();
        if !positions.contains_key(word) {
            positions.insert(word, at);
        }
    }
    positions
}

/// A list for each first letter.
pub fn lists(words: &[&str]) -> BTreeMap<char, Vec<String>> {
    let mut lists: BTreeMap<char, Vec<String>> = BTreeMap::new();
    for word in words {
        let letter = word.chars().next().unwrap_or(' ');
        if !lists.contains_key(&letter) {
            lists.insert(letter, Vec::new());
        }
        lists.get_mut(&letter).unwrap().push(word.to_string());
    }
    lists
}

/// Each word once, in order.
pub fn distinct<'a>(words: &[&'a str], least: usize) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let mut distinct = Vec::with_capacity(words.len());
    for &word in words {
        if word.len() >= least && !seen.contains(word) {
            seen.insert(word);
            distinct.push(word);
        }
    }
    distinct
}

pub struct Stock {
    amounts: HashMap<u32, u64>,
}

impl Stock {
    pub fn take(&mut self, item: u32, wanted: u64) -> u64 {
        if self.amounts.contains_key(&item) {
            let amount = self.amounts.get_mut(&item).unwrap();
            let taken = wanted.min(*amount);
            *amount -= taken;
            taken
        } else {
            0
        }
    }

    pub fn forget(&mut self, item: u32) {
        if self.amounts.contains_key(&item) {
            self.amounts.remove(&item);
        }
    }

    pub fn put(&mut self, item: u32, amount: u64) {
        if let Some(known) = self.amounts.get_mut(&item) {
            *known += amount;
        } else {
            self.amounts.insert(item, amount);
        }
    }
}

fn known_forms() -> String {
    let words = ["one", "two", "one", "", "three"];
    let owned: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    let mut positions: Vec<_> = positions(&owned).into_iter().collect();
    positions.sort_unstable();
    let mut stock = Stock { amounts: HashMap::from([(1, 5), (2, 1)]) };
    let taken = [stock.take(1, 3), stock.take(1, 3), stock.take(9, 1)];
    stock.forget(2);
    stock.forget(7);
    stock.put(1, 4);
    stock.put(3, 1);
    let mut amounts: Vec<_> = stock.amounts.iter().collect();
    amounts.sort_unstable();
    format!("{positions:?} {:?} {:?} {taken:?} {amounts:?}", lists(&words), distinct(&words, 1))
}

pub fn first_time(seen: &mut HashSet<u32>, number: u32) -> bool {
    if seen.contains(&number) {
        return false;
    }
    seen.insert(number);
    true
}

pub fn length(names: &HashMap<u32, String>, id: u32) -> usize {
    if names.contains_key(&id) { names[&id].len() } else { 0 }
}

pub struct Writer {
    written: HashSet<u32>,
    types: Types,
    text: String,
}

pub struct Types {
    sizes: HashMap<u32, u64>,
}

impl Writer {
    /// What is written in between does not touch the set, as far as can be seen.
    pub fn declare(&mut self, ty: u32) -> Result<(), std::fmt::Error> {
        if !self.written.contains(&ty) {
            self.write(ty)?;
            self.written.insert(ty);
        }
        Ok(())
    }

    /// Kept behind the early return.
    pub fn size(&mut self, ty: u32) -> u64 {
        if let Some(size) = self.types.sizes.get(&ty) {
            return *size;
        }
        let size = self.text.len() as u64 + u64::from(ty);
        self.types.sizes.insert(ty, size);
        size
    }

    fn write(&mut self, ty: u32) -> Result<(), std::fmt::Error> {
        use std::fmt::Write;
        write!(self.text, "struct T{ty};")
    }
}

/// Read, and written back.
pub fn count(counts: &mut HashMap<u32, u64>, number: u32) {
    let count = counts.get(&number).copied().unwrap_or(0);
    counts.insert(number, count + 1);
}

/// The type of the map is another crate's.
pub fn visit<S: Seen>(graph: &mut S, node: u32) -> usize {
    if graph.map().get(&node).is_none() {
        let place = graph.count();
        graph.map().insert(node, place);
    }
    graph.count()
}

pub trait Seen {
    fn map(&mut self) -> &mut HashMap<u32, usize>;
    fn count(&mut self) -> usize {
        self.map().len()
    }
}

impl Seen for HashMap<u32, usize> {
    fn map(&mut self) -> &mut HashMap<u32, usize> {
        self
    }
}

fn far_apart() -> String {
    let types = Types { sizes: HashMap::new() };
    let mut writer = Writer { written: HashSet::new(), types, text: String::new() };
    writer.declare(1).and_then(|()| writer.declare(1)).expect("a string takes all");
    let sizes = [writer.size(3), writer.size(3)];
    let mut counts = HashMap::new();
    count(&mut counts, 4);
    count(&mut counts, 4);
    let visited = visit(&mut HashMap::new(), 5);
    format!("{} {sizes:?} {counts:?} {visited}", writer.text)
}

pub fn run() -> String {
    format!(
        "{} {} {} {}",
        known_forms(),
        far_apart(),
        first_time(&mut HashSet::new(), 1),
        length(&HashMap::from([(1, "a".to_owned())]), 1)
    )
}
