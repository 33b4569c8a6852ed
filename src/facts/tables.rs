//! Facts in the form they are kept in: sorted rows over one table of strings.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// A string of the table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub(super) struct Text(u32);

/// All strings, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, text: Text) -> &str {
        let at = text.0 as usize;
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        let start = at.checked_sub(1).and_then(|at| self.ends.get(at)).copied().unwrap_or(0);
        // A damaged table answers with nothing.
        self.bytes.get(start as usize..end).unwrap_or("")
    }
}

/// What one build knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tables {
    pub(super) texts: Texts,
    /// Sorted by path.
    pub(super) files: Vec<FileRows>,
    pub(super) callees: Vec<CalleeRow>,
    /// Fields of the project's types, sorted by the names of owner and field.
    pub(super) fields: Vec<FieldRow>,
    /// Sizes in bytes of the types that locals have, sorted by name.
    pub(super) sizes: Vec<(Text, u64)>,
}

/// What is known of one source file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct FileRows {
    /// Relative to the workspace root.
    pub(super) path: String,
    /// Hashes of the lines the compiler saw, as far as that is known; see [`super::drift`].
    pub(super) lines: Vec<u32>,
    pub(super) locals: Vec<LocalRow>,
    pub(super) calls: Vec<CallRow>,
    pub(super) functions: Vec<FunctionRow>,
}

/// A local or parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct LocalRow {
    pub(super) line: u32,
    pub(super) name: Text,
    /// First line of the function it lives in.
    pub(super) function: u32,
    pub(super) ty: Text,
}

/// A call, inlined or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct CallRow {
    pub(super) line: u32,
    pub(super) column: u32,
    /// Index into [`Tables::callees`].
    pub(super) callee: u32,
}

/// An instance of a function of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct FunctionRow {
    pub(super) line: u32,
    /// What its generic parameters stand for.
    pub(super) params: Vec<Text>,
}

/// A function that is called. Types are empty where nothing was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct CalleeRow {
    pub(super) path: Text,
    pub(super) receiver: Text,
    pub(super) returns: Text,
}

/// A field of a type, or a capture of a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct FieldRow {
    pub(super) owner: Text,
    pub(super) name: Text,
    pub(super) ty: Text,
}

/// Tables while they are filled.
#[derive(Default)]
pub(super) struct Builder {
    texts: HashMap<Box<str>, Text>,
    table: Texts,
    files: HashMap<String, u32>,
    rows: Vec<FileBuilder>,
    callees: HashMap<CalleeRow, u32>,
    fields: BTreeSet<FieldRow>,
    sizes: HashMap<Text, u64>,
}

#[derive(Default)]
struct FileBuilder {
    path: String,
    locals: BTreeSet<LocalRow>,
    calls: BTreeSet<CallRow>,
    functions: BTreeSet<FunctionRow>,
}

impl Builder {
    pub(super) fn new() -> Builder {
        let mut builder = Builder::default();
        // The empty text stands first, so that it means "not recorded".
        builder.text("");
        builder
    }

    pub(super) fn text(&mut self, text: &str) -> Text {
        if let Some(&known) = self.texts.get(text) {
            return known;
        }
        let (Ok(id), Ok(end)) = (
            u32::try_from(self.table.ends.len()),
            u32::try_from(self.table.bytes.len() + text.len()),
        ) else {
            // Four gigabytes of names: what comes later is not recorded.
            return Text::default();
        };
        self.table.bytes.push_str(text);
        self.table.ends.push(end);
        self.texts.insert(text.into(), Text(id));
        Text(id)
    }

    pub(super) fn get(&self, text: Text) -> &str {
        self.table.get(text)
    }

    /// Number of a source file.
    pub(super) fn file(&mut self, path: &str) -> u32 {
        if let Some(&known) = self.files.get(path) {
            return known;
        }
        let id = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(FileBuilder { path: path.to_owned(), ..FileBuilder::default() });
        self.files.insert(path.to_owned(), id);
        id
    }

    pub(super) fn local(&mut self, file: u32, row: LocalRow) {
        if let Some(rows) = self.rows.get_mut(file as usize) {
            rows.locals.insert(row);
        }
    }

    pub(super) fn function(&mut self, file: u32, row: FunctionRow) {
        if let Some(rows) = self.rows.get_mut(file as usize) {
            rows.functions.insert(row);
        }
    }

    pub(super) fn call(&mut self, file: u32, line: u32, column: u32, callee: CalleeRow) {
        let next = u32::try_from(self.callees.len()).unwrap_or(u32::MAX);
        let callee = *self.callees.entry(callee).or_insert(next);
        if let Some(rows) = self.rows.get_mut(file as usize) {
            rows.calls.insert(CallRow { line, column, callee });
        }
    }

    pub(super) fn field(&mut self, row: FieldRow) {
        self.fields.insert(row);
    }

    pub(super) fn size(&mut self, ty: Text, bytes: u64) {
        self.sizes.insert(ty, bytes);
    }

    /// Done: rows sorted, texts that no row uses dropped. `lines` is asked for the line hashes of
    /// each file; files it does not know are left out.
    pub(super) fn finish(self, lines: impl Fn(&str) -> Option<Vec<u32>>) -> Tables {
        let mut used = Used::new(self.table);
        let mut callees: Vec<(u32, CalleeRow)> =
            self.callees.into_iter().map(|(row, id)| (id, row)).collect();
        callees.sort_unstable();
        let mut files: Vec<FileRows> = Vec::new();
        for rows in self.rows {
            let Some(lines) = lines(&rows.path) else { continue };
            let locals = rows.locals.into_iter();
            let functions = rows.functions.into_iter();
            files.push(FileRows {
                path: rows.path,
                lines,
                locals: locals
                    .map(|row| LocalRow { name: used.keep(row.name), ty: used.keep(row.ty), ..row })
                    .collect(),
                calls: rows.calls.into_iter().collect(),
                functions: functions
                    .map(|row| FunctionRow {
                        line: row.line,
                        params: row.params.into_iter().map(|ty| used.keep(ty)).collect(),
                    })
                    .collect(),
            });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let callees = callees
            .into_iter()
            .map(|(_, row)| CalleeRow {
                path: used.keep(row.path),
                receiver: used.keep(row.receiver),
                returns: used.keep(row.returns),
            })
            .collect();
        let mut fields: Vec<FieldRow> = self
            .fields
            .into_iter()
            .map(|row| FieldRow {
                owner: used.keep(row.owner),
                name: used.keep(row.name),
                ty: used.keep(row.ty),
            })
            .collect();
        let mut sizes: Vec<(Text, u64)> = self
            .sizes
            .into_iter()
            .filter_map(|(ty, bytes)| Some((used.kept(ty)?, bytes)))
            .collect();
        let texts = used.to;
        let key = |row: &FieldRow| (texts.get(row.owner), texts.get(row.name));
        fields.sort_by(|a, b| key(a).cmp(&key(b)));
        sizes.sort_by(|a, b| texts.get(a.0).cmp(texts.get(b.0)));
        Tables { files, callees, fields, sizes, texts }
    }
}

/// Texts that rows use, renumbered.
struct Used {
    from: Texts,
    to: Texts,
    numbers: Vec<Option<Text>>,
}

impl Used {
    fn new(from: Texts) -> Used {
        let mut used = Used { numbers: vec![None; from.ends.len()], from, to: Texts::default() };
        used.keep(Text::default());
        used
    }

    fn kept(&self, text: Text) -> Option<Text> {
        *self.numbers.get(text.0 as usize)?
    }

    fn keep(&mut self, text: Text) -> Text {
        if let Some(known) = self.kept(text) {
            return known;
        }
        let Some(number) = self.numbers.get_mut(text.0 as usize) else { return Text::default() };
        // Never more than there were, so the counts fit.
        let new = Text(self.to.ends.len() as u32);
        self.to.bytes.push_str(self.from.get(text));
        self.to.ends.push(self.to.bytes.len() as u32);
        *number = Some(new);
        new
    }
}
