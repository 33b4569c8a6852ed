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
    /// How many comparisons there are to be, stage by stage.
    pub goals: [usize; STAGES],
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

/// What is measured first is what the claims rest on, so that a run that is cut short still
/// supports them; each later stage adds to it.
pub const STAGES: usize = 3;

/// Goals by method and setting. A run of `compare` gives eight comparisons, one of the others
/// three.
const GOALS: [(Method, [[usize; STAGES]; 6]); 3] = [
    (
        Method::Pairs,
        [[104, 104, 208], [104, 104, 208], [0, 24, 80], [40, 40, 104], [0, 16, 40], [0, 16, 40]],
    ),
    (Method::Criterion, [[0, 15, 30], [0, 9, 30], [0, 6, 9], [0, 9, 15], [0, 3, 9], [0, 3, 9]]),
    (Method::Sequential, [[0, 15, 30], [0, 9, 30], [0, 6, 9], [0, 9, 15], [0, 3, 9], [0, 3, 9]]),
];

pub static CELLS: std::sync::LazyLock<Vec<Cell>> = std::sync::LazyLock::new(|| {
    let cells = |(method, goals): (Method, [[usize; STAGES]; 6])| {
        SETTINGS.into_iter().zip(goals).map(move |(setting, goals)| Cell { setting, method, goals })
    };
    GOALS.into_iter().flat_map(cells).collect()
});

/// The cell to measure next: of the first stage that lacks something, the one that lacks the
/// largest share; `None` when all is there.
pub fn next(cells: &[&'static Cell], have: impl Fn(&Cell) -> usize) -> Option<&'static Cell> {
    (0..STAGES).find_map(|stage| {
        let share = |cell: &Cell| have(cell) as f64 / cell.goals[stage] as f64;
        let lacking = cells.iter().filter(|cell| have(cell) < cell.goals[stage]);
        lacking.copied().min_by(|a, b| share(a).total_cmp(&share(b)))
    })
}
