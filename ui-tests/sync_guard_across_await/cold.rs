use std::sync::Mutex;

pub async fn pause() {}

pub async fn counted(count: &Mutex<u32>) -> u32 {
    let count = count.lock().unwrap();
    pause().await;
    let mut sum = 0;
    for _ in 0..1000 {
        sum += *count;
    }
    sum
}

pub fn run() -> String {
    "compiles".to_owned()
}
