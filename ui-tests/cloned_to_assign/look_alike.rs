use std::rc::Rc;

#[derive(Default)]
pub struct Options {
    name: String,
    shared: Rc<String>,
    count: u32,
}

impl Options {
    /// Nothing was there before.
    pub fn name(mut self, name: &str) -> Self {
        self.name = name.to_owned();
        self
    }

    pub fn complete(&mut self, other: &Options) {
        if self.name.is_empty() {
            self.name = other.name.clone();
        }
    }

    pub fn set_name(&mut self, name: &str) {
        self.name = name.to_owned();
    }

    /// A counter is raised; a number is a number.
    pub fn share(&mut self, other: &Options) {
        self.shared = other.shared.clone();
        self.count = other.count;
    }
}

pub fn run() -> String {
    let mut options = Options::default().name("a");
    options.set_name("b");
    options.complete(&Options::default());
    options.share(&Options::default());
    format!("{} {} {}", options.name, options.shared, options.count)
}
