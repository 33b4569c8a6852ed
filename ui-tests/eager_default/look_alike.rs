/// Nothing is allocated, or only when it is needed.
pub fn label(name: Option<String>) -> String {
    name.unwrap_or_default()
}

pub fn named(name: Option<&str>) -> &str {
    name.unwrap_or("unnamed")
}

pub fn empty(name: Option<String>) -> String {
    name.unwrap_or(String::new())
}

pub fn lazily(name: Option<String>, id: u32) -> String {
    name.unwrap_or_else(|| id.to_string())
}

pub fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

pub fn run() -> String {
    format!("{} {} {} {} {:?}", label(None), named(None), empty(None), lazily(None, 1), number("x"))
}
