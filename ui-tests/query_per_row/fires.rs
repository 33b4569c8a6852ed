pub struct Connection;

impl Connection {
    pub fn query_row(&self, _statement: &str, id: u32) -> Result<String, ()> {
        Ok(id.to_string())
    }
    pub fn execute(&self, _statement: &str, _id: u32) -> Result<usize, ()> {
        Ok(1)
    }
}

pub fn names(connection: &Connection, ids: &[u32]) -> Result<Vec<String>, ()> {
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        names.push(connection.query_row("SELECT name FROM users WHERE id = ?1", *id)?);
    }
    Ok(names)
}

pub fn stored(connection: &Connection, ids: &[u32]) -> Result<(), ()> {
    for id in ids {
        connection.execute("INSERT INTO seen (id) VALUES (?1)", *id)?;
    }
    Ok(())
}

pub fn run() -> String {
    stored(&Connection, &[1]).unwrap();
    names(&Connection, &[1, 2]).unwrap().join(",")
}
