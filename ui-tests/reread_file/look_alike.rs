use std::sync::LazyLock;

static WORDS: LazyLock<String> =
    LazyLock::new(|| std::fs::read_to_string("/nowhere/words").unwrap_or_default());

/// Another file each time.
pub fn lengths(names: &[&str]) -> usize {
    let mut length = 0;
    for name in names {
        length += std::fs::read_to_string(name).map_or(0, |text| text.len());
    }
    length
}

/// Waits for a change.
pub fn changed(path: &str) -> bool {
    for _ in 0..2 {
        if std::fs::read_to_string(path).is_ok() {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_micros(1));
    }
    false
}

/// Changes by itself.
pub fn load() -> usize {
    (0..2).map(|_| std::fs::read_to_string("/proc/loadavg").map_or(0, |text| text.len().min(1))).sum()
}

pub fn run() -> String {
    format!("{} {} {} {}", WORDS.len(), lengths(&["/nowhere/a"]), changed("/nowhere/b"), load() / 4)
}
