pub struct Connection;

impl Connection {
    pub fn query_row(&self, _statement: &str, id: u32) -> u32 {
        id
    }
}

pub fn sum(connection: &Connection, ids: &[u32]) -> u32 {
    let mut sum = 0;
    for id in ids {
        sum += connection.query_row("select amount from stock where id = ?", *id);
    }
    sum
}

pub fn run() -> String {
    sum(&Connection, &[1]).to_string()
}
