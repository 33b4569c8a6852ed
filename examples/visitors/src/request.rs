//! A request as the handler sees it: a path and the values of a form.

/// A request whose form is already decoded.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The path asked for.
    pub path: String,
    form: Vec<(String, String)>,
}

impl Request {
    /// A request for a path, with an empty form.
    pub fn get(path: &str) -> Self {
        Request { path: path.to_string(), form: Vec::new() }
    }

    /// Adds a value to the form.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.form.push((name.to_string(), value.to_string()));
        self
    }

    /// The first value of that name, empty where there is none.
    pub fn form_value(&self, name: &str) -> &str {
        for (key, value) in &self.form {
            if key == name {
                return value;
            }
        }
        ""
    }
}
