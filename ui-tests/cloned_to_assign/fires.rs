#[derive(Default)]
pub struct Cursor {
    line: String,
    path: String,
    cells: Vec<u32>,
}

pub struct Record {
    path: String,
    cells: Vec<u32>,
}

impl Cursor {
    pub fn advance(&mut self, line: &str, record: &Record) {
        self.line = line.to_owned();
        self.path = record.path.clone();
        self.cells = record.cells.clone();
    }

    /// Borrowed from where it goes.
    pub fn trim(&mut self) {
        let trimmed = self.line.trim_end();
        if trimmed.len() < self.line.len() {
            self.line = trimmed.to_owned();
        }
    }
}

pub fn longest(lines: &[String]) -> String {
    let mut longest = String::new();
    for line in lines {
        if line.len() > longest.len() {
            longest = line.clone();
        }
    }
    longest
}

pub fn renamed(names: &mut [String], name: &String) {
    for old in names {
        *old = name.clone();
    }
}

pub fn run() -> String {
    let mut names = ["c".to_owned()];
    renamed(&mut names, &"d".to_owned());
    let mut cursor = Cursor::default();
    let record = Record { path: "a/b".to_owned(), cells: vec![1] };
    cursor.advance("x", &record);
    cursor.trim();
    let lines = ["a".to_owned(), "bb".to_owned()];
    format!("{names:?} {} {} {:?} {}", cursor.line, cursor.path, cursor.cells, longest(&lines))
}
