use std::collections::HashMap;

pub fn port(ports: &HashMap<String, u16>, name: &str) -> Result<u16, String> {
    ports.get(name).copied().ok_or(format!("no port of {name}"))
}

pub fn shown(names: &HashMap<u32, String>, id: u32) -> String {
    names.get(&id).cloned().unwrap_or(id.to_string())
}

pub fn label(name: Option<String>) -> String {
    name.unwrap_or(String::from("unnamed"))
}

pub fn number(text: &str) -> u32 {
    text.parse().expect(&format!("{text} is no number"))
}

pub fn shown_or_count(name: Option<&String>, count: u32) -> String {
    name.map_or(count.to_string(), |name| name.to_uppercase())
}

pub fn tag(tags: &[String], name: &String) -> String {
    tags.first().cloned().unwrap_or(name.clone())
}

/// Stands for that of `anyhow`.
pub trait Context<T> {
    fn context(self, text: String) -> Result<T, String>;
}

impl<T, E> Context<T> for Result<T, E> {
    fn context(self, text: String) -> Result<T, String> {
        self.map_err(|_| text)
    }
}

pub fn parsed(word: &str) -> Result<u32, String> {
    let number: u32 = word.trim().parse().context(word.to_string())?;
    Ok(number)
}

pub fn run() -> String {
    let ports = HashMap::from([("a".to_owned(), 80)]);
    let names = HashMap::from([(1, "one".to_owned())]);
    format!(
        "{:?} {} {} {:?} {:?} {} {} {} {}",
        parsed("7"),
        shown_or_count(None, 3),
        tag(&[], &"a".to_owned()),
        port(&ports, "a"),
        port(&ports, "b"),
        shown(&names, 1),
        shown(&names, 2),
        label(None),
        number("7")
    )
}
