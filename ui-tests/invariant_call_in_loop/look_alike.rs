/// It changes with the turn.
pub fn each(names: &[&str], wanted: &str) -> usize {
    names.iter().filter(|name| name.to_lowercase() == wanted).count()
}

/// Each needs its own.
pub fn owned(names: &[&str], suffix: &str) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        all.push((name.to_string(), suffix.to_uppercase()));
    }
    all
}

/// It grows in the loop.
pub fn grown(names: &[&str]) -> usize {
    let mut text = String::new();
    let mut sum = 0;
    for name in names {
        text.push_str(name);
        sum += text.chars().count();
    }
    sum
}

/// Told once, and that is the end.
pub fn checked(numbers: &[u32], name: &str) -> Result<u32, String> {
    let mut sum = 0;
    for number in numbers {
        if *number == 0 {
            let told = name.to_uppercase();
            return Err(format!("{told}: zero"));
        }
        sum += number;
    }
    Ok(sum)
}

/// Before the loop.
pub fn before(names: &[&str], wanted: &str) -> usize {
    let wanted = wanted.to_lowercase();
    names.iter().filter(|name| name.contains(&wanted)).count()
}

pub struct Walk {
    at: std::path::PathBuf,
    rest: Vec<String>,
}

impl Walk {
    /// Each turn goes on.
    pub fn depth(&mut self) -> usize {
        let mut depth = 0;
        while let Some(name) = self.rest.pop() {
            self.at.push(name);
            depth += self.at.join("x").components().count();
            self.step();
            depth += usize::from(self.at.join("y").exists());
        }
        depth
    }

    fn step(&mut self) {
        self.at.push("z");
    }
}

pub fn run() -> String {
    let mut walk = Walk { at: "a".into(), rest: vec!["b".to_owned()] };
    format!(
        "{} {} {:?} {} {:?} {}",
        walk.depth(),
        each(&["A"], "a"),
        owned(&["a"], "b"),
        grown(&["a", "b"]),
        checked(&[0], "n"),
        before(&["ab"], "A")
    )
}
