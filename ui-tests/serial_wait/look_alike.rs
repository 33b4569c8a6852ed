pub struct Chain;

impl Chain {
    /// Waits, and needs what was found before.
    pub fn next(&self, last: u32, step: u32) -> u32 {
        std::thread::sleep(std::time::Duration::from_micros(1));
        last + step
    }
}

pub fn walked(chain: &Chain, steps: &[u32]) -> u32 {
    let mut last = 0;
    for step in steps {
        last = chain.next(last, *step);
    }
    last
}

/// The first that answers is enough.
pub fn first(chain: &Chain, steps: &[u32]) -> Option<u32> {
    for step in steps {
        if chain.next(0, *step) > 1 {
            return Some(*step);
        }
    }
    None
}

pub struct Line(Vec<u32>);

impl Line {
    pub async fn put(&mut self, number: u32) {
        self.0.push(number);
    }
}

/// One after the other, over one line.
pub async fn sent(line: &mut Line, numbers: &[u32]) {
    for number in numbers {
        line.put(*number).await;
    }
}

pub fn spawn(future: impl Future<Output = u32>) {
    drop(future);
}

/// Each task waits for itself.
pub async fn started(numbers: &[u32]) {
    for number in numbers {
        spawn(async move { put_one(*number).await });
    }
}

pub async fn put_one(number: u32) -> u32 {
    number
}

pub fn run() -> String {
    format!("{} {:?}", walked(&Chain, &[1, 2]), first(&Chain, &[1, 2]))
}
