use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Debug;

/// Nobody else sees the type of its field.
pub struct Graph {
    edges: HashMap<u32, Vec<u32>>,
    queue: VecDeque<u32>,
}

impl Graph {
    pub fn new(edges: &[(u32, u32)]) -> Self {
        let mut all: HashMap<u32, Vec<u32>> = HashMap::with_capacity(edges.len());
        for &(from, to) in edges {
            all.entry(from).or_default().push(to);
        }
        Graph { edges: all, queue: VecDeque::new() }
    }

    pub fn reached(&mut self, from: u32) -> usize {
        let mut seen = HashSet::from([from]);
        self.queue.push_back(from);
        while let Some(node) = self.queue.pop_front() {
            for &next in self.edges.get(&node).into_iter().flatten() {
                if seen.insert(next) {
                    self.queue.push_back(next);
                }
            }
        }
        print_size(&seen);
        seen.len()
    }

    pub fn degrees(&self) -> impl Debug + use<> {
        let degrees: HashMap<usize, usize> = self.counted();
        degrees.get(&1).copied().unwrap_or_else(|| HashMap::<u8, usize>::new().len())
    }

    fn counted(&self) -> HashMap<usize, usize> {
        let mut counted = HashMap::new();
        for targets in self.edges.values() {
            *counted.entry(targets.len()).or_insert(0) += 1;
        }
        counted
    }
}

fn print_size(seen: &HashSet<u32>) {
    assert!(!seen.is_empty());
}

pub fn run() -> String {
    let mut graph = Graph::new(&[(1, 2), (2, 3), (4, 1), (1, 3)]);
    format!("{} {} {:?}", graph.reached(1), graph.reached(4), graph.degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        let graph = Graph { edges: HashMap::from([(1, vec![2])]), queue: VecDeque::new() };
        assert_eq!(graph.counted(), HashMap::from([(1, 1)]));
    }
}
