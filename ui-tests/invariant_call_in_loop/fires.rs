pub fn matching<'n>(names: &[&'n str], wanted: &str) -> Vec<&'n str> {
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        if name.to_lowercase().contains(&wanted.to_lowercase()) {
            found.push(*name);
        }
    }
    found
}

pub fn above(numbers: &[u32], limit: &str) -> usize {
    let mut found = 0;
    for number in numbers {
        if *number > limit.parse::<u32>().unwrap() {
            found += 1;
        }
    }
    found
}

pub fn below_home(paths: &[String]) -> usize {
    let mut found = 0;
    for path in paths {
        let home = std::env::var("HOME").unwrap_or_default();
        if path.starts_with(&home) {
            found += 1;
        }
    }
    found
}

pub fn prefixed(paths: &[String], folder: &str) -> usize {
    paths.iter().filter(|path| path.starts_with(&format!("{folder}/"))).count()
}

pub struct Scan {
    root: std::path::PathBuf,
    names: Vec<String>,
    found: usize,
}

impl Scan {
    /// The root is not touched, though `self` is.
    pub fn run(&mut self) {
        for name in &self.names {
            let folder = self.root.join("src");
            if folder.join(name).exists() {
                self.found += 1;
            }
        }
    }
}

pub fn run() -> String {
    let mut scan = Scan { root: "none".into(), names: vec!["a".to_owned()], found: 0 };
    scan.run();
    let paths = ["a/b".to_owned()];
    format!(
        "{} {:?} {} {} {}",
        scan.found,
        matching(&["Abc", "d"], "B"),
        above(&[1, 3], "2"),
        below_home(&paths) > 1,
        prefixed(&paths, "a")
    )
}
