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

pub fn run() -> String {
    let ports = HashMap::from([("a".to_owned(), 80)]);
    let names = HashMap::from([(1, "one".to_owned())]);
    format!(
        "{:?} {:?} {} {} {} {}",
        port(&ports, "a"),
        port(&ports, "b"),
        shown(&names, 1),
        shown(&names, 2),
        label(None),
        number("7")
    )
}
