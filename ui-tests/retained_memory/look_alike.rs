#[derive(Default)]
pub struct Scratch {
    line: String,
}

impl Scratch {
    /// Emptied to be filled again.
    pub fn line(&mut self, name: &str) -> usize {
        self.line.clear();
        self.line.push_str(name);
        self.line.len()
    }
}

/// Gives back.
pub fn title(mut page: Vec<u8>) -> Vec<u8> {
    page.truncate(3);
    page.shrink_to_fit();
    page
}

/// Not kept.
pub fn counted(mut page: Vec<u8>) -> usize {
    page.truncate(3);
    page.len()
}

pub fn run() -> String {
    format!("{} {:?} {}", Scratch::default().line("a"), title(vec![1, 2, 3, 4]), counted(vec![1]))
}
