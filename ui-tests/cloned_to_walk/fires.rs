use std::collections::HashMap;

pub fn total(weights: &Vec<u64>) -> u64 {
    let mut total = 0;
    for weight in &weights.clone() {
        total += weight;
    }
    total
}

pub fn joined(names: &[String]) -> String {
    let mut joined = String::new();
    for name in names.to_vec() {
        joined.push_str(&name);
    }
    joined
}

/// Most pairs are left out.
pub fn used(subs: &HashMap<char, char>, text: &str) -> HashMap<char, char> {
    subs.clone().into_iter().filter(|(from, _)| text.contains(*from)).collect()
}

pub fn neighbours(graph: &HashMap<char, Vec<Option<u32>>>, key: char) -> u32 {
    let mut sum = 0;
    let keys = graph.get(&key).cloned().unwrap_or_default();
    for key in keys {
        if let Some(key) = key {
            sum += key;
        }
    }
    sum
}

pub fn length(names: &[String]) -> usize {
    let mut length = 0;
    let copy = names.to_vec();
    for name in copy {
        length += name.len();
    }
    length
}

pub fn weights(of: &HashMap<u32, Vec<u32>>, key: u32) -> u32 {
    let mut sum = 0;
    for weight in of.get(&key).cloned().unwrap_or_default() {
        sum += weight;
    }
    sum
}

pub fn run() -> String {
    let subs = HashMap::from([('a', '4'), ('b', '8')]);
    let graph = HashMap::from([('a', vec![Some(1), None, Some(2)])]);
    format!(
        "{} {} {:?} {} {} {}",
        total(&vec![1, 2]),
        joined(&["a".to_owned(), "b".to_owned()]),
        used(&subs, "bar and").get(&'b'),
        neighbours(&graph, 'a'),
        neighbours(&graph, 'x'),
        length(&["a".to_owned()])
    )
}
