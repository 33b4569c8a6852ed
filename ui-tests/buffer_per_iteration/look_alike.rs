/// Kept: each turn needs its own.
pub fn groups(lines: &[&str]) -> Vec<Vec<String>> {
    let mut groups = Vec::with_capacity(lines.len());
    for line in lines {
        let mut group = Vec::with_capacity(4);
        for word in line.split(' ') {
            group.push(word.to_owned());
        }
        groups.push(group);
    }
    groups
}

/// Emptied already.
pub fn reused(lines: &[&str]) -> usize {
    let mut key = String::new();
    let mut total = 0;
    for line in lines {
        key.clear();
        key.push_str(line);
        total += key.len();
    }
    total
}

/// Taken out at the end of the turn.
pub fn taken(lines: &[&str]) -> Vec<String> {
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let mut text = String::with_capacity(line.len());
        text.push_str(line);
        all.push(std::mem::take(&mut text));
    }
    all
}

/// Never grown: an empty vector allocates nothing.
pub fn empty(lines: &[&str]) -> usize {
    let mut total = 0;
    for line in lines {
        let none: Vec<u8> = Vec::new();
        total += line.len() + none.len();
    }
    total
}

/// Handed to another thread.
pub fn sent(lines: &[&str]) -> usize {
    let mut threads = Vec::with_capacity(lines.len());
    for line in lines {
        let mut text = String::with_capacity(8);
        text.push_str(line);
        threads.push(std::thread::spawn(move || text.len()));
    }
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

/// Becomes what is kept.
pub fn boxed(lines: &[&str]) -> Vec<(usize, Box<str>)> {
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let mut text = String::new();
        text.push_str(line);
        text.push('.');
        all.push((line.len(), text.into()));
    }
    all
}

pub fn run() -> String {
    let lines = ["a b", "c"];
    format!(
        "{:?} {} {:?} {} {} {:?}",
        groups(&lines),
        reused(&lines),
        taken(&lines),
        empty(&lines),
        sent(&lines),
        boxed(&lines)
    )
}
