//! Types of locals and resolved callees, read from debug info.
//!
//! Facts come from a build that is never measured. They are optional: [`Facts::none`] knows
//! nothing, and every question may be answered with `None`.

mod artefacts;
pub mod debuginfo;
mod drift;
mod gather;
mod tables;
mod witness;

pub use gather::gather;
pub use witness::FileWitness;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use crate::model::type_name::TypeName;
use debuginfo::{ReadError, Wanted};
use drift::Drift;
use tables::{Builder, FileRows, FunctionRow, Tables};

/// What debug info says of the project's source files.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// One per build, such as the benches' and the user's own.
    layers: Vec<Layer>,
}

#[derive(Clone, Debug)]
struct Layer {
    tables: Arc<Tables>,
    /// Which build it was read from.
    stamp: u64,
    /// The types of fields are as they were: no source was touched since the build.
    fields: bool,
}

/// A function that a place of the source calls, as the compiler resolved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callee {
    /// Path without generic arguments: `alloc::vec::Vec::push`, `app::parse`. A method of a trait
    /// is named after the trait (`core::clone::Clone::clone`), one of a primitive after the
    /// primitive (`slice::iter`).
    pub path: String,
    /// The type it is a method of, below its references; unknown for a free function or where
    /// nothing was recorded.
    pub receiver: TypeName,
    /// What it returns; unknown where nothing was recorded.
    pub returns: TypeName,
}

impl Facts {
    /// No facts.
    pub fn none() -> Facts {
        Facts::default()
    }

    /// Nothing is known of any file.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|layer| layer.tables.files.is_empty())
    }

    /// Reads one program, library or object file.
    pub fn read(binary: &Path, wanted: &Wanted) -> Result<Facts, ReadError> {
        let mut builder = Builder::new();
        debuginfo::read_file(binary, wanted, &mut builder)?;
        let tables = builder.finish(|path| {
            let text = std::fs::read_to_string(wanted.root.join(path)).ok()?;
            Some(drift::line_hashes(&text))
        });
        Ok(Facts { layers: vec![Layer { tables: Arc::new(tables), stamp: 0, fields: true }] })
    }

    /// Adds what another build knows.
    pub fn merge(&mut self, other: Facts) {
        self.layers.extend(other.layers);
    }

    /// What is known of one file, whose text is now `text`.
    ///
    /// Files are named as findings name them: relative to the workspace root. Lines that moved
    /// since the build are followed, lines that were edited are forgotten.
    pub fn of_file(&self, file: &Path, text: &str) -> FileFacts<'_> {
        let Some(path) = file.to_str() else { return FileFacts::default() };
        let mut now = None;
        let layers = self
            .layers
            .iter()
            .filter_map(|layer| {
                let tables = &*layer.tables;
                let at = tables.files.binary_search_by(|rows| rows.path.as_str().cmp(path));
                let rows = tables.files.get(at.ok()?)?;
                let now = now.get_or_insert_with(|| drift::line_hashes(text));
                Some(FileLayer { tables, rows, drift: Drift::between(&rows.lines, now) })
            })
            .collect();
        FileFacts { layers }
    }

    /// Stands for what is known of a file, apart from fields: as long as it stays, so does that.
    pub fn stamp_of(&self, file: &Path) -> u64 {
        let Some(path) = file.to_str() else { return 0 };
        let knows = |layer: &&Layer| {
            let files = &layer.tables.files;
            files.binary_search_by(|rows| rows.path.as_str().cmp(path)).is_ok()
        };
        let mut hash = DefaultHasher::new();
        self.layers.iter().filter(knows).for_each(|layer| layer.stamp.hash(&mut hash));
        hash.finish()
    }

    /// The same for the types of fields.
    pub fn stamp_of_fields(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        let known = self.layers.iter().filter(|layer| layer.fields);
        known.for_each(|layer| layer.stamp.hash(&mut hash));
        hash.finish()
    }

    /// Type of a field of a struct of the project, or of a closure's capture.
    pub fn field_type(&self, owner: &TypeName, field: &str) -> Option<TypeName> {
        let owner = owner.to_string();
        agreed(self.layers.iter().filter(|layer| layer.fields).filter_map(|layer| {
            let tables = &*layer.tables;
            let key =
                |row: &tables::FieldRow| (tables.texts.get(row.owner), tables.texts.get(row.name));
            let at = tables.fields.binary_search_by(|row| key(row).cmp(&(owner.as_str(), field)));
            let row = tables.fields.get(at.ok()?)?;
            Some(tables.texts.get(row.ty))
        }))
    }

    /// Size of a type in bytes, where a local of the project has it.
    pub fn size_of(&self, ty: &TypeName) -> Option<u64> {
        let ty = ty.to_string();
        self.layers.iter().find_map(|layer| {
            let tables = &*layer.tables;
            let at = tables.sizes.binary_search_by(|row| tables.texts.get(row.0).cmp(&ty));
            tables.sizes.get(at.ok()?).map(|&(_, size)| size)
        })
    }
}

/// What is known of one file.
#[derive(Clone, Debug, Default)]
pub struct FileFacts<'f> {
    layers: Vec<FileLayer<'f>>,
}

#[derive(Clone, Debug)]
struct FileLayer<'f> {
    tables: &'f Tables,
    rows: &'f FileRows,
    drift: Drift,
}

impl<'f> FileFacts<'f> {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Type of the local or parameter `name` whose pattern stands on `line`.
    ///
    /// Where a generic function was instantiated more than once, what its instances share.
    pub fn local_type(&self, line: u32, name: &str) -> Option<TypeName> {
        agreed(self.layers.iter().flat_map(|layer| {
            let rows = &layer.rows.locals;
            let line = layer.drift.before(line).unwrap_or(0);
            let first = rows.partition_point(|row| row.line < line);
            rows[first..]
                .iter()
                .take_while(move |row| row.line == line)
                .filter(|row| layer.tables.texts.get(row.name) == name)
                .map(|row| layer.tables.texts.get(row.ty))
        }))
    }

    /// Type of the iterator of the `for` loop whose iterated expression begins on `line`.
    pub fn loop_iterator(&self, line: u32) -> Option<TypeName> {
        // The name that the compiler gives the hidden local.
        self.local_type(line, "iter")
    }

    /// Functions called at a place; 1-based, the column in bytes. A method call stands at the
    /// method's name, any other at its beginning.
    pub fn callees_at(&self, line: u32, column: u32) -> Vec<Callee> {
        let mut callees: Vec<Callee> = Vec::new();
        for layer in &self.layers {
            let rows = &layer.rows.calls;
            let place = (layer.drift.before(line).unwrap_or(0), column);
            let first = rows.partition_point(|row| (row.line, row.column) < place);
            for row in rows[first..].iter().take_while(|row| (row.line, row.column) == place) {
                if let Some(callee) = layer.callee(row.callee)
                    && !callees.contains(&callee)
                {
                    callees.push(callee);
                }
            }
        }
        callees
    }

    /// What the generic parameters of the function that begins on `line` stand for, in all of its
    /// instances together; `None` where no instance was seen.
    pub fn generic_arguments(&self, line: u32) -> Option<Vec<TypeName>> {
        let mut arguments: Vec<TypeName> = Vec::new();
        for (tables, row) in self.functions(line) {
            for &ty in &row.params {
                let name = TypeName::parse(tables.texts.get(ty));
                if !arguments.contains(&name) {
                    arguments.push(name);
                }
            }
        }
        (!arguments.is_empty()).then_some(arguments)
    }

    fn functions(&self, line: u32) -> impl Iterator<Item = (&'f Tables, &'f FunctionRow)> {
        self.layers.iter().flat_map(move |layer| {
            let line = layer.drift.before(line).unwrap_or(0);
            let rows = layer.rows.functions.iter().filter(move |row| row.line == line);
            rows.map(|row| (layer.tables, row))
        })
    }
}

impl FileLayer<'_> {
    fn callee(&self, at: u32) -> Option<Callee> {
        let row = self.tables.callees.get(at as usize)?;
        let text = |text| self.tables.texts.get(text);
        Some(Callee {
            path: text(row.path).to_owned(),
            receiver: TypeName::parse(text(row.receiver)).peeled().clone(),
            returns: TypeName::parse(text(row.returns)),
        })
    }
}

/// What all of the names share; `None` where there is none or they share nothing.
fn agreed<'t>(names: impl Iterator<Item = &'t str>) -> Option<TypeName> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let common = all.into_iter().map(TypeName::parse).reduce(|a, b| a.common(&b))?;
    (!common.is_unknown()).then_some(common)
}
