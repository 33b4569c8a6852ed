use std::hint::black_box;

/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

/// Building is what is measured.
pub fn built(b: &mut Bencher) {
    b.iter(|| {
        let numbers: Vec<u64> = (0..10_000).map(|n| n * 7919 % 10_007).collect();
        black_box(numbers.len())
    })
}

/// Filled and emptied: both are measured.
pub fn emptied(b: &mut Bencher) {
    let mut shelf = Shelf::default();
    b.iter(|| {
        let places: Vec<usize> = (0..1_000).map(|n| shelf.insert(n)).collect();
        for place in places {
            shelf.remove(place);
        }
    })
}

#[derive(Default)]
struct Shelf(Vec<Option<u64>>);

impl Shelf {
    fn insert(&mut self, n: u64) -> usize {
        self.0.push(Some(n));
        self.0.len() - 1
    }

    fn remove(&mut self, place: usize) -> Option<u64> {
        self.0[place].take()
    }
}

/// Made once, before.
pub fn outside(b: &mut Bencher) {
    let numbers: Vec<u64> = (0..10_000).collect();
    b.iter(|| {
        let most = numbers.iter().max();
        most.copied()
    })
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    built(&mut bencher);
    outside(&mut bencher);
    emptied(&mut bencher);
    bencher.0.to_string()
}
