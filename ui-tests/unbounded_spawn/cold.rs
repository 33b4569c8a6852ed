pub fn lengths(texts: Vec<String>) -> usize {
    let mut started = Vec::with_capacity(texts.len());
    for text in texts {
        started.push(std::thread::spawn(move || text.len()));
    }
    started.into_iter().map(|one| one.join().unwrap()).sum()
}

pub fn run() -> String {
    lengths(vec!["a".to_owned()]).to_string()
}
