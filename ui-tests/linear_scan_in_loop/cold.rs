pub fn known(names: &[String], all: &[String]) -> bool {
    let mut every = true;
    for name in names {
        every &= all.contains(name);
    }
    every
}

pub fn run() -> String {
    known(&["a".to_owned()], &["a".to_owned()]).to_string()
}
