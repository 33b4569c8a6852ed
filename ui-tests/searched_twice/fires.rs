pub struct Entry {
    pub name: String,
    pub size: usize,
}

pub struct Index {
    entries: Vec<Entry>,
    prefix: String,
}

impl Index {
    pub fn size(&self, name: &str) -> usize {
        if self.entries.iter().any(|entry| entry.name == name) {
            return self.entries.iter().find(|entry| entry.name == name).unwrap().size;
        }
        0
    }

    pub fn local<'a>(&self, name: &'a str) -> &'a str {
        if name.starts_with(&self.prefix) { &name[self.prefix.len()..] } else { name }
    }
}

pub fn head(path: &str) -> &str {
    if path.contains("::") {
        let at = path.find("::").unwrap();
        &path[..at]
    } else {
        path
    }
}

pub fn flag(arg: &str) -> Option<&str> {
    if arg.starts_with("--") && arg.len() > 2 { Some(&arg[2..]) } else { None }
}

pub fn value(line: &str) -> usize {
    if line.find(':').is_none() {
        return 0;
    }
    line.len() - line.find(':').unwrap()
}

pub fn stem(name: &str) -> &str {
    if name.ends_with(".rs") { name.trim_end_matches(".rs") } else { name }
}

pub fn run() -> String {
    let entry = |name: &str, size| Entry { name: name.to_owned(), size };
    let index = Index { entries: vec![entry("a", 1), entry("b", 2)], prefix: "my_".to_owned() };
    format!(
        "{} {} {} {:?} {} {}",
        index.size("b"),
        index.local("my_x"),
        head("a::b"),
        flag("--all"),
        value("a: b"),
        stem("lib.rs")
    )
}
