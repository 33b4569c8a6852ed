//! What each comparison answered, on disk.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::settings::Cell;

/// One bench, compared once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub method: String,
    pub setting: String,
    pub bench: String,
    /// What is true: `slower`, `faster`, or `same`.
    pub truth: String,
    /// What was claimed: `slower`, `faster`, `no change`, `too noisy`; criterion and benchstat
    /// know no difference between the last two.
    pub claim: String,
    /// Where it is told.
    pub ratio: Option<f64>,
    /// Seconds that went into it.
    pub seconds: f64,
}

impl Row {
    pub fn claims(&self) -> bool {
        self.claim == "slower" || self.claim == "faster"
    }

    pub fn is_right(&self) -> bool {
        self.claim == self.truth
    }
}

pub struct Rows {
    path: PathBuf,
    rows: Vec<Row>,
}

impl Rows {
    pub fn read(path: &Path) -> Result<Rows, String> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let row = |(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| format!("{}:{}: {error}", path.display(), at + 1))
        };
        let rows = text.lines().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok(Rows { path: path.to_owned(), rows })
    }

    pub fn add(&mut self, rows: Vec<Row>) -> Result<(), String> {
        let at = |error: std::io::Error| format!("{}: {error}", self.path.display());
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path).map_err(at)?;
        for row in rows {
            let line = serde_json::to_string(&row).map_err(|error| error.to_string())?;
            file.write_all(format!("{line}\n").as_bytes()).map_err(at)?;
            self.rows.push(row);
        }
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn of(&self, cell: &Cell) -> impl Iterator<Item = &Row> {
        let (method, setting) = (cell.method.name(), cell.setting.name);
        self.rows.iter().filter(move |row| row.method == method && row.setting == setting)
    }
}
