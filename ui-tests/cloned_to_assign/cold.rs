pub struct Settings {
    line: String,
}

impl Settings {
    /// Once at the start.
    pub fn settings(&mut self, line: &String) {
        self.line = line.clone();
    }
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    let mut all = Settings { line: String::new() };
    all.settings(&"a".to_owned());
    format!("{} {}", all.line, work(&[1, 9]))
}
