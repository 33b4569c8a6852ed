use std::sync::Mutex;
use std::sync::mpsc::Receiver;

/// Waits between the turns.
pub fn gathered(lines: &Receiver<String>, all: &Mutex<Vec<String>>) {
    for _ in 0..2 {
        let line = lines.recv().unwrap();
        all.lock().unwrap().push(line);
    }
}

/// Each turn has its own lock.
pub fn each(slots: &[Mutex<u32>]) {
    for slot in slots {
        let mut slot = slot.lock().unwrap();
        *slot = slot.saturating_sub(1);
    }
}

/// Workers share the queue.
pub fn work(queue: &Mutex<Vec<u32>>) -> u32 {
    let mut sum = 0;
    while let Some(job) = queue.lock().unwrap().pop() {
        sum += job;
    }
    sum
}

/// What is called may want the lock.
pub fn told(numbers: &[u32], all: &Mutex<Vec<u32>>, tell: &dyn Fn(u32)) {
    for &number in numbers {
        all.lock().unwrap().push(number);
        tell(number);
    }
}

/// Taken once.
pub fn once(numbers: &[u32], all: &Mutex<Vec<u32>>) {
    let mut all = all.lock().unwrap();
    for &number in numbers {
        all.push(number);
    }
}

pub fn run() -> String {
    let (send, lines) = std::sync::mpsc::channel();
    send.send("a".to_owned()).unwrap();
    send.send("b".to_owned()).unwrap();
    let all = Mutex::new(Vec::new());
    gathered(&lines, &all);
    let slots = [Mutex::new(1)];
    each(&slots);
    let numbers = Mutex::new(Vec::new());
    told(&[1], &numbers, &|_| {});
    once(&[2], &numbers);
    let sum = work(&numbers);
    format!("{:?} {:?} {sum}", all, slots)
}
