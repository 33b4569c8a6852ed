//! The machine in a few words: figures of two machines are not compared unseen.

/// System, architecture, processor and its threads.
pub fn machine() -> String {
    let mut words = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    if let Some(processor) = processor() {
        words.push_str(&format!(", {processor}"));
    }
    if let Ok(threads) = std::thread::available_parallelism() {
        words.push_str(&format!(", {threads} hardware threads"));
    }
    words
}

/// Where the system tells it in a file.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let name = line.split_once(':')?.1.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}
