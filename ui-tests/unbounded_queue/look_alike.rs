use std::sync::mpsc;
use std::thread;

/// One message for each of four threads.
pub fn gathered() -> u32 {
    let (send, received) = mpsc::channel();
    for number in 0..4 {
        let send = send.clone();
        thread::spawn(move || send.send(number).unwrap());
    }
    drop(send);
    received.iter().sum()
}

/// It has a bound.
pub fn bounded(numbers: Vec<u32>) -> u32 {
    let (send, received) = mpsc::sync_channel(16);
    let reader = thread::spawn(move || {
        for number in numbers {
            send.send(number).unwrap();
        }
    });
    let sum = received.iter().sum();
    reader.join().unwrap();
    sum
}

/// One answer.
pub fn asked() -> u32 {
    let (send, received) = mpsc::channel();
    thread::spawn(move || send.send(7).unwrap());
    received.recv().unwrap()
}

pub fn run() -> String {
    format!("{} {} {}", gathered(), bounded(vec![1, 2]), asked())
}
