use std::thread;

/// One for each processor.
pub fn workers(numbers: &[u32]) -> u32 {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let mut started = Vec::new();
        for part in numbers.chunks(numbers.len().div_ceil(processors)) {
            started.push(scope.spawn(move || part.iter().sum::<u32>()));
        }
        started.into_iter().map(|one| one.join().unwrap()).sum()
    })
}

/// A number that was chosen.
pub fn chosen(count: u32) -> u32 {
    let started: Vec<_> = (0..count).map(|number| thread::spawn(move || number)).collect();
    started.into_iter().map(|one| one.join().unwrap()).sum()
}

/// One.
pub fn one() -> u32 {
    thread::spawn(|| 1).join().unwrap()
}

/// A process is waited for before the next one starts.
pub fn commands(names: &[&str]) -> usize {
    names.iter().filter(|name| std::process::Command::new(name).spawn().is_ok()).count()
}

pub fn run() -> String {
    format!("{} {} {} {}", workers(&[1, 2]), chosen(2), one(), commands(&["/none"]))
}
