//! What is compared with what, by which method, and how often.

/// A build of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Same,
    /// So many percent more work, by a constant; no instruction is added or moved.
    More(u32),
    /// Another order of the sections of code.
    Layout,
}

/// The base against a variant.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub variant: Variant,
    pub busy: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Pairs,
    Criterion,
    Sequential,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Pairs => "cargo perf compare",
            Method::Criterion => "criterion's own verdict",
            Method::Sequential => "ten runs, then ten runs, benchstat",
        }
    }
}

pub struct Cell {
    pub setting: Setting,
    pub method: Method,
    /// How many comparisons of this cell there are, next to those of the others.
    pub weight: f64,
}

const fn setting(name: &'static str, variant: Variant, busy: bool) -> Setting {
    Setting { name, variant, busy }
}

pub const SETTINGS: [Setting; 6] = [
    setting("same build, quiet", Variant::Same, false),
    setting("same build, one busy process", Variant::Same, true),
    setting("other layout", Variant::Layout, false),
    setting("2 % more work", Variant::More(2), false),
    setting("5 % more work", Variant::More(5), false),
    setting("10 % more work", Variant::More(10), false),
];

const WEIGHTS: [(Method, [f64; 6]); 3] = [
    (Method::Pairs, [200.0, 200.0, 80.0, 100.0, 40.0, 40.0]),
    (Method::Criterion, [30.0, 30.0, 9.0, 15.0, 9.0, 9.0]),
    (Method::Sequential, [30.0, 30.0, 9.0, 15.0, 9.0, 9.0]),
];

pub static CELLS: std::sync::LazyLock<Vec<Cell>> = std::sync::LazyLock::new(|| {
    let cells = |(method, weights): (Method, [f64; 6])| {
        SETTINGS.into_iter().zip(weights).map(move |(setting, weight)| Cell {
            setting,
            method,
            weight,
        })
    };
    WEIGHTS.into_iter().flat_map(cells).collect()
});
