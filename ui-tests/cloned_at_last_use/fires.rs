pub struct Row {
    name: String,
    cells: Vec<u32>,
}

pub fn row(name: &str, count: u32) -> Row {
    let mut cells = Vec::new();
    for cell in 0..count {
        cells.push(cell);
    }
    let name = name.to_uppercase();
    Row { name: name.clone(), cells: cells.clone() }
}

pub fn added(rows: &mut Vec<String>, text: String) {
    rows.push(text.clone());
}

pub fn titled(text: String) -> Option<String> {
    Some(text.to_string())
}

pub fn lengths(names: Vec<String>) -> Vec<(String, usize)> {
    let mut lengths = Vec::with_capacity(names.len());
    for name in names {
        let length = name.len();
        lengths.push((name.clone(), length));
    }
    lengths
}

pub fn run() -> String {
    let row = row("a", 3);
    let mut rows = Vec::new();
    added(&mut rows, "b".to_owned());
    format!("{} {:?} {rows:?} {:?} {:?}", row.name, row.cells, titled("c".to_owned()), lengths(vec!["d".to_owned()]))
}
