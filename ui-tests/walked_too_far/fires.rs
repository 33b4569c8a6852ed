pub struct Line {
    text: String,
    marks: Vec<usize>,
}

impl Line {
    pub fn at(&self, column: usize) -> Option<char> {
        self.text.chars().nth(column)
    }

    pub fn end(&self) -> Option<char> {
        self.text.chars().last()
    }

    pub fn is_marked(&self) -> bool {
        self.marks.iter().filter(|mark| **mark > 2).count() > 0
    }
}

pub fn is_one(text: &str) -> bool {
    text.chars().count() == 1
}

pub fn file(path: &str) -> Option<&str> {
    path.split('/').last()
}

pub fn run() -> String {
    let line = Line { text: "abc".to_owned(), marks: vec![1, 3] };
    format!("{:?} {:?} {} {} {:?}", line.at(1), line.end(), line.is_marked(), is_one("é"), file("a/b"))
}
