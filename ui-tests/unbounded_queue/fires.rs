use std::sync::mpsc;
use std::thread;

pub fn summed(numbers: Vec<u32>) -> u32 {
    let (send, received) = mpsc::channel();
    let reader = thread::spawn(move || {
        for number in numbers {
            send.send(number).unwrap();
        }
    });
    let sum = received.iter().sum();
    reader.join().unwrap();
    sum
}

pub fn run() -> String {
    summed(vec![1, 2, 3]).to_string()
}
