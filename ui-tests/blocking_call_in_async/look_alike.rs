use std::future::Future;
use std::time::Duration;

pub mod tokio {
    pub mod task {
        pub async fn spawn_blocking<T>(work: impl FnOnce() -> T) -> T {
            work()
        }
    }
    pub mod time {
        pub async fn sleep(_: std::time::Duration) {}
    }
    pub mod fs {
        pub async fn read_to_string(path: &str) -> std::io::Result<String> {
            Ok(path.to_owned())
        }
    }
}

/// Handed to a thread that may wait.
pub async fn handed(path: String) -> String {
    tokio::task::spawn_blocking(move || std::fs::read_to_string(path).unwrap_or_default()).await
}

/// The runtime's own.
pub async fn own(path: &str) -> String {
    tokio::time::sleep(Duration::from_micros(1)).await;
    tokio::fs::read_to_string(path).await.unwrap_or_default()
}

/// No future.
pub fn plain() {
    std::thread::sleep(Duration::from_micros(1));
}

/// A function within.
pub async fn around() -> usize {
    fn within() -> usize {
        std::fs::read("none").map_or(0, |bytes| bytes.len())
    }
    let count: Box<dyn Fn() -> usize> = Box::new(within);
    count()
}

pub struct Line;

impl Line {
    pub async fn recv(&self) -> Option<u32> {
        None
    }
    pub fn join(&self, other: &str) -> String {
        other.to_owned()
    }
}

/// Names that mean something else.
pub async fn named(line: &Line, parts: &[String]) -> String {
    let _ = line.recv().await;
    line.join(&parts.join("/"))
}

pub fn run() -> String {
    plain();
    let _: Box<dyn Future<Output = usize>> = Box::new(around());
    "compiles".to_owned()
}
