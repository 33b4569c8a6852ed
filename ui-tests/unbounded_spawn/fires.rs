use std::thread;

pub fn lengths(texts: &[String]) -> usize {
    let mut started = Vec::with_capacity(texts.len());
    for text in texts {
        let text = text.clone();
        started.push(thread::spawn(move || text.len()));
    }
    started.into_iter().map(|one| one.join().unwrap()).sum()
}

pub fn scoped(texts: &[String]) -> usize {
    thread::scope(|scope| {
        let started: Vec<_> =
            texts.iter().map(|text| thread::Builder::new().spawn_scoped(scope, move || text.len()).unwrap()).collect();
        started.into_iter().map(|one| one.join().unwrap()).sum()
    })
}

pub fn each(texts: &[String]) {
    thread::scope(|scope| {
        for text in texts {
            scope.spawn(move || text.len());
        }
    });
}

pub fn run() -> String {
    let texts = ["a".to_owned(), "bc".to_owned()];
    format!("{} {}", lengths(&texts), scoped(&texts))
}
