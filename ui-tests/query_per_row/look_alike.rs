pub struct Connection;

impl Connection {
    pub fn query(&self, _statement: &str) -> Vec<u32> {
        vec![1]
    }
    pub fn execute(&self, statement: &str) -> usize {
        statement.len()
    }
}

/// One question for all rows.
pub fn once(connection: &Connection) -> u32 {
    let mut sum = 0;
    for amount in connection.query("SELECT amount FROM stock") {
        sum += amount;
    }
    sum
}

/// Tables are made one by one.
pub fn made(connection: &Connection, statements: &[&str]) -> usize {
    let mut sum = 0;
    for statement in statements {
        sum += connection.execute(statement);
    }
    connection.execute("CREATE TABLE stock (id INTEGER)");
    sum
}

/// A command of something else.
pub fn commands(connection: &Connection, names: &[&str]) -> usize {
    names.iter().map(|name| connection.execute("run") + name.len()).sum()
}

/// Asked again and again, whatever the turn: it waits for an answer.
pub fn polled(connection: &Connection) -> u32 {
    let mut turns = 0;
    while connection.query("SELECT 1 FROM jobs").is_empty() {
        turns += 1;
    }
    turns
}

pub fn run() -> String {
    format!(
        "{} {} {} {}",
        once(&Connection),
        made(&Connection, &["CREATE"]),
        commands(&Connection, &["a"]),
        polled(&Connection)
    )
}
