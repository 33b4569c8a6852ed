pub async fn settings() -> String {
    let mut text = std::fs::read_to_string("settings.toml").unwrap_or_default();
    for _ in 0..1000 {
        text.push('.');
    }
    text
}

pub fn run() -> String {
    "compiles".to_owned()
}
