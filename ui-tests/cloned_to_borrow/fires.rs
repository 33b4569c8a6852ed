pub struct Axis {
    title: String,
    unit: Option<String>,
    label: Option<String>,
}

pub struct Writer {
    axis: Axis,
    text: String,
}

fn length(text: &String) -> usize {
    text.len()
}

impl Writer {
    fn write_title(&mut self, title: &str) {
        self.text.push_str(title);
    }

    fn write_unit(&mut self, unit: String) {
        if !unit.is_empty() {
            self.text.push_str(&unit);
        }
    }

    pub fn write(&mut self) {
        self.write_title(&self.axis.title.clone());
        self.write_unit(self.axis.title.clone());
        if self.axis.unit.clone().is_some() {
            self.text.push('u');
        }
    }
}

pub fn measured(title: &String) -> usize {
    length(&title.clone())
}

pub fn described(axis: &Axis) -> usize {
    match axis.label.clone() {
        Some(label) => label.len(),
        None => 0,
    }
}

pub fn printed(axis: &Axis) -> String {
    format!("<{}>", axis.title.clone())
}

pub fn width(axis: &Axis) -> usize {
    axis.label.clone().unwrap_or_default().len()
}

pub fn headed(axis: &Axis) -> String {
    "# ".to_owned() + &axis.title.to_string()
}

pub fn is_there(path: &std::path::Path) -> bool {
    path.to_path_buf().exists()
}

/// Takes texts of any kind.
fn tag<T: AsRef<str>>(text: &mut String, attributes: &[(&str, T)]) {
    for (name, value) in attributes {
        text.push_str(name);
        text.push_str(value.as_ref());
    }
}

fn named(text: &mut String, name: String) {
    let attributes = [("name", name)];
    tag(text, &attributes);
}

pub fn tagged(axis: &Axis) -> String {
    let mut text = String::new();
    let attributes = [("kind", "axis")];
    tag(&mut text, &attributes);
    let attributes = [("title", axis.title.clone())];
    tag(&mut text, &attributes);
    named(&mut text, axis.title.clone());
    text
}

fn ends(path: std::path::PathBuf) -> bool {
    is_there(&path)
}

/// Lent already: it is handed on as it is, as a `&Path`.
pub fn ended(file: &std::path::Path) -> bool {
    ends(file.to_path_buf())
}

pub fn run() -> String {
    let axis = Axis { title: "speed".to_owned(), unit: None, label: Some("v".to_owned()) };
    let (length, described) = (measured(&axis.title), described(&axis));
    let printed = printed(&axis);
    let more = (width(&axis), headed(&axis), ended("/".as_ref()), tagged(&axis));
    let mut writer = Writer { axis, text: String::new() };
    writer.write();
    format!("{length} {described} {printed} {more:?} {}", writer.text)
}
