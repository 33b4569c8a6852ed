use std::sync::Mutex;

pub mod tokio {
    pub mod sync {
        pub struct Mutex<T>(pub std::cell::RefCell<T>);
        impl<T> Mutex<T> {
            pub async fn lock(&self) -> std::cell::RefMut<'_, T> {
                self.0.borrow_mut()
            }
        }
    }
}

pub async fn send(count: usize) -> usize {
    count
}

/// Let go of in time.
pub async fn dropped(rows: &Mutex<Vec<u32>>) -> usize {
    let guard = rows.lock().unwrap();
    let count = guard.len();
    drop(guard);
    send(count).await
}

/// In a block of its own.
pub async fn in_block(rows: &Mutex<Vec<u32>>) -> usize {
    let count = {
        let rows = rows.lock().unwrap();
        rows.len()
    };
    send(count).await
}

/// What is taken out is no guard.
pub async fn taken(rows: &Mutex<Vec<u32>>) -> usize {
    let count = rows.lock().unwrap().len();
    send(count).await
}

/// An asynchronous lock.
pub async fn awaited(rows: &tokio::sync::Mutex<Vec<u32>>) -> usize {
    let rows = rows.lock().await;
    let sent = send(rows.len()).await;
    sent + rows.len()
}

/// A future that is only made.
pub fn made(rows: &Mutex<Vec<u32>>) -> impl Future<Output = usize> {
    let rows = rows.lock().unwrap();
    let count = rows.len();
    async move { send(count).await }
}

pub fn run() -> String {
    "compiles".to_owned()
}
