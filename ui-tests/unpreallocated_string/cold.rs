/// Formatting costs, growing does not.
pub fn list(names: &[&str]) -> String {
    let mut list = String::new();
    for name in names {
        list.push_str("- ");
        list += &name.replace('a', "b");
    }
    list
}

pub fn run() -> String {
    list(&["a"])
}
