use std::collections::BTreeMap;

/// Copies the page for each row: quadratic.
pub fn page(rows: &[&str]) -> String {
    let mut page = String::new();
    for (at, row) in rows.iter().enumerate() {
        page = format!("{page}<tr id=\"{at}\">{}</tr>\n", row.trim());
    }
    page
}

/// The same with an argument instead of a name.
pub fn list(items: &[&str]) -> String {
    let mut list = String::from("- ");
    for item in items {
        list = format!("{}{item}, ", list);
    }
    list
}

/// Quadratic as well.
pub fn folded(items: &[&str]) -> String {
    items.iter().fold(String::new(), |text, item| format!("{text}{item};"))
}

pub struct Query {
    text: String,
}

impl Query {
    /// A string for each pair.
    pub fn with_all(mut self, pairs: &BTreeMap<&str, u32>) -> Self {
        for (name, value) in pairs {
            self.text += &format!("{name}={value}&");
        }
        self
    }

    /// A string for each number.
    pub fn with_numbers(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.text.push_str(&number.to_string());
        }
    }
}

/// No loop to be seen: the caller's is hot.
pub fn cell(out: &mut String, value: f64) {
    out.push_str(&format!("<td>{value:.1}</td>"));
}

/// A copy of everything for each, and a piece by way of a string.
pub fn prices(cents: &[u32]) -> String {
    let mut all = String::from(">");
    let mut text = String::new();
    for cents in cents {
        all = all.clone() + "," + &cents.to_string();
        text = text + "." + &format!("{:02}", cents % 100) + "\n";
    }
    text + &all
}

fn known_forms() -> String {
    let rows = [" a ", "b"];
    let query = Query { text: String::from("?") };
    let mut query = query.with_all(&BTreeMap::from([("a", 1), ("b", 2)]));
    query.with_numbers(&[1, 2, 3]);
    let mut out = String::new();
    for value in [1.0, 2.5] {
        cell(&mut out, value);
    }
    format!(
        "{}|{}|{}|{}|{}|{}",
        page(&rows),
        list(&rows),
        folded(&rows),
        query.text,
        out,
        prices(&[250, 99])
    )
}

pub fn path(parts: &[&str]) -> String {
    let mut path = String::new();
    for part in parts {
        path = [path.as_str(), part].join("/");
    }
    path
}

pub fn sentence(words: &[String]) -> String {
    let mut sentence = String::new();
    for word in words {
        sentence = sentence + word + " ";
    }
    sentence
}

pub fn summed(words: &[&str]) -> String {
    words.iter().fold(String::new(), |all, word| all + word)
}

pub fn codes(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number:02x}")).collect::<String>()
}

pub fn run() -> String {
    format!("{} {} {} {} {}", known_forms(), path(&["a", "b"]), sentence(&["c".to_owned()]), summed(&["d", "e"]), codes(&[1, 17]))
}
