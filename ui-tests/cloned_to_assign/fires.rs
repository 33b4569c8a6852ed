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

pub fn run() -> String {
    let mut cursor = Cursor::default();
    let record = Record { path: "a/b".to_owned(), cells: vec![1] };
    cursor.advance("x", &record);
    let lines = ["a".to_owned(), "bb".to_owned()];
    format!("{} {} {:?} {}", cursor.line, cursor.path, cursor.cells, longest(&lines))
}
