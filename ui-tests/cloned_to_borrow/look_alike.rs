use std::sync::Arc;

pub struct State {
    name: Option<String>,
    seen: Vec<String>,
}

impl State {
    /// The copy is given away, and what it was made of is changed meanwhile.
    pub fn renamed(&mut self) -> usize {
        if let Some(name) = self.name.clone() {
            self.name = None;
            self.seen.push(name);
        }
        match self.name.clone() {
            Some(name) => {
                self.name = Some(format!("{name}!"));
                name.len()
            }
            None => 0,
        }
    }
}

fn kept(seen: &mut Vec<String>, name: String) {
    seen.push(name);
}

/// The function keeps it.
pub fn given(name: &String) -> usize {
    let mut seen = Vec::new();
    kept(&mut seen, name.clone());
    seen.len()
}

fn count(list: &Arc<Vec<u32>>) -> usize {
    list.len()
}

/// A counter is raised, nothing copied; and a number is a number.
pub fn shared(list: &Arc<Vec<u32>>, number: u32) -> usize {
    #[allow(clippy::clone_on_copy)]
    let number = number.clone();
    count(&list.clone()) + number as usize
}

/// Another's `kept`, which keeps it.
pub struct Names(Vec<String>);

impl Names {
    fn push(&self, name: String) -> usize {
        name.len() + self.0.len()
    }

    pub fn add(&mut self, name: &String) -> usize {
        self.0.push(name.clone());
        self.push(String::new())
    }
}

/// Lent as it is.
pub fn lent(name: &Option<String>) -> usize {
    match name {
        Some(name) => name.len(),
        None => 0,
    }
}

fn longest(names: &[String]) -> usize {
    names.iter().map(String::len).max().unwrap_or(0)
}

fn total<T: AsRef<str>>(names: &[T]) -> usize {
    names.iter().map(|name| name.as_ref().len()).sum()
}

/// Texts of their own are asked for.
pub fn listed(name: &String) -> usize {
    let names = [name.clone()];
    longest(&names)
}

/// The list outlives what it was made of.
pub fn outlived(name: &mut String) -> usize {
    let names = [name.clone()];
    name.clear();
    total(&names) + total(&["a"])
}

/// The text beside it is nobody else's.
pub fn beside(name: &String, number: u32) -> usize {
    let names = [name.clone(), number.to_string()];
    total(&names)
}

/// The list is given away.
pub fn given_away(name: &String) -> [String; 1] {
    let names = [name.clone()];
    total(&names);
    names
}

/// Another configuration calls the same function: what it gives there is another matter.
#[cfg(not(windows))]
pub fn rolled(name: &String) -> usize {
    length_of(name.clone())
}

#[cfg(windows)]
pub fn rolled(name: &String) -> usize {
    length_of(format!("{name}.old"))
}

fn length_of(name: String) -> usize {
    name.len()
}

pub fn run() -> String {
    let mut state = State { name: Some("a".to_owned()), seen: Vec::new() };
    format!(
        "{} {} {} {} {} {} {} {} {} {} {:?}",
        state.renamed(),
        state.seen.len(),
        given(&"b".to_owned()),
        shared(&Arc::new(vec![1]), 2),
        lent(&None),
        Names(Vec::new()).add(&"c".to_owned()),
        listed(&"d".to_owned()),
        outlived(&mut "e".to_owned()),
        beside(&"g".to_owned(), 1),
        rolled(&"h".to_owned()),
        given_away(&"f".to_owned())
    )
}
