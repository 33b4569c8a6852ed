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

pub struct Failure(String);

impl Failure {
    pub fn context(self, text: String) -> Failure {
        Failure(self.0 + &text)
    }
}

/// It has failed already.
pub fn failed(answer: Result<u32, Failure>, name: &str) -> Result<u32, Failure> {
    answer.map_err(|error| error.context(format!(" in {name}")))
}

pub fn run() -> String {
    format!("{} {} {} {} {:?}", label(None), named(None), empty(None), lazily(None, 1), number("x"))
}
