//! The lines of a stack: `ADDRESS SYMBOL+OFFSET (FILE)`, `ADDRESS SYMBOL (inlined)`, and below a
//! frame `SOURCE:LINE` where it was asked for.

use rustc_hash::FxHashMap;

use crate::formats::builder::Builder;
use crate::model::profile::{Function, Line, Location, Mapping};

/// A line, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Frame { address: u64, function: Option<u32>, mapping: Option<u32> },
    Inlined { function: u32 },
    Source { file: u32, line: u32 },
}

/// The files named by source lines, and the functions that lie in them.
#[derive(Default)]
pub(super) struct Frames {
    files: Vec<String>,
    file_places: FxHashMap<String, u32>,
    /// A function, and the file it turned out to be in.
    moved: FxHashMap<(u32, u32), u32>,
    names: Vec<String>,
}

/// What the lines of one part are, once looked at.
#[derive(Default)]
pub(super) struct Known {
    entries: FxHashMap<u32, Entry>,
    /// Of frames that stand alone, as most do.
    locations: FxHashMap<u32, u32>,
}

impl Frames {
    /// Appends the locations of a stack's lines.
    pub(super) fn stack(
        &mut self,
        lines: &[u32],
        texts: &[&[u8]],
        known: &mut Known,
        builder: &mut Builder,
        out: &mut Vec<u32>,
    ) {
        let mut pending: Vec<Line> = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let entry = self.entry(lines[at], texts, known, builder);
            let source = match lines.get(at + 1) {
                Some(&next) => match self.entry(next, texts, known, builder) {
                    Entry::Source { file, line } => Some((file, line)),
                    _ => None,
                },
                None => None,
            };
            match entry {
                Entry::Frame { .. } if source.is_none() && pending.is_empty() => {
                    let location = match known.locations.get(&lines[at]) {
                        Some(&location) => location,
                        None => {
                            let location = self.location(entry, None, &mut pending, builder);
                            known.locations.insert(lines[at], location);
                            location
                        }
                    };
                    out.push(location);
                }
                Entry::Frame { .. } => {
                    out.push(self.location(entry, source, &mut pending, builder));
                }
                Entry::Inlined { function } => {
                    pending.push(self.line(function, source, builder));
                }
                Entry::Source { .. } => {}
            }
            at += 1 + usize::from(source.is_some());
        }
        if !pending.is_empty() {
            out.push(builder.location(Location { lines: pending, ..Location::default() }));
        }
    }

    fn location(
        &mut self,
        entry: Entry,
        source: Option<(u32, u32)>,
        inlined: &mut Vec<Line>,
        builder: &mut Builder,
    ) -> u32 {
        let mut lines = std::mem::take(inlined);
        let (mut address, mut mapping) = (0, None);
        if let Entry::Frame { address: at, function, mapping: of } = entry {
            (address, mapping) = (at, of);
            if let Some(function) = function {
                lines.push(self.line(function, source, builder));
            }
        }
        builder.location(Location { mapping, address, lines, is_folded: false })
    }

    fn line(&mut self, function: u32, source: Option<(u32, u32)>, builder: &mut Builder) -> Line {
        let Some((file, line)) = source else { return Line { function, line: 0, column: 0 } };
        let (names, files) = (&self.names, &self.files);
        let function = *self
            .moved
            .entry((function, file))
            .or_insert_with(|| builder.function(&names[function as usize], &files[file as usize]));
        while self.names.len() <= function as usize {
            self.names.push(String::new());
        }
        Line { function, line, column: 0 }
    }

    fn entry(
        &mut self,
        line: u32,
        texts: &[&[u8]],
        known: &mut Known,
        builder: &mut Builder,
    ) -> Entry {
        if let Some(&entry) = known.entries.get(&line) {
            return entry;
        }
        let text = String::from_utf8_lossy(texts[line as usize]);
        let entry = self.parse(&text, builder);
        known.entries.insert(line, entry);
        entry
    }

    fn parse(&mut self, text: &str, builder: &mut Builder) -> Entry {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let Ok(address) = u64::from_str_radix(first.trim_start_matches("0x"), 16) else {
            return self.source(text).unwrap_or_else(|| {
                // A frame without an address, as some settings print it.
                Entry::Frame { address: 0, function: self.function(text, builder), mapping: None }
            });
        };
        let (symbol, file) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
            Some((symbol, file)) => (symbol, file),
            None => match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                Some(file) => ("", file),
                None => (rest, ""),
            },
        };
        let function = self.function(symbol.trim(), builder);
        if let (Some(function), "inlined") = (function, file) {
            return Entry::Inlined { function };
        }
        let mapping = (!file.is_empty() && file != "[unknown]").then(|| {
            builder.mapping(Mapping {
                filename: file.trim_end_matches(" (deleted)").to_owned(),
                has: [true, false, false, false],
                ..Mapping::default()
            })
        });
        Entry::Frame { address, function, mapping }
    }

    /// The function of a symbol, without the offset into it; none where it is unknown.
    fn function(&mut self, symbol: &str, builder: &mut Builder) -> Option<u32> {
        let name = match symbol.rsplit_once("+0x") {
            Some((name, offset)) if offset.bytes().all(|byte| byte.is_ascii_hexdigit()) => name,
            _ => symbol,
        };
        if name.is_empty() || name == "[unknown]" {
            return None;
        }
        let shown = match rustc_demangle::try_demangle(name) {
            Ok(demangled) => format!("{demangled:#}"),
            Err(_) => without_hash(name).to_owned(),
        };
        let system_name = if shown == name { String::new() } else { name.to_owned() };
        let function = Function { name: shown.clone(), system_name, ..Function::default() };
        let place = builder.function_as(function);
        while self.names.len() <= place as usize {
            self.names.push(String::new());
        }
        self.names[place as usize] = shown;
        Some(place)
    }

    /// `SOURCE:LINE`.
    fn source(&mut self, text: &str) -> Option<Entry> {
        let (file, line) = text.rsplit_once(':')?;
        let line = line.split(' ').next()?.parse().ok()?;
        let files = &mut self.files;
        let place = *self.file_places.entry(file.to_owned()).or_insert_with(|| {
            files.push(file.to_owned());
            files.len() as u32 - 1
        });
        Some(Entry::Source { file: place, line })
    }
}

/// `::h0123456789abcdef` at the end of a name is the compiler's own.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once("::h") {
        Some((rest, hash))
            if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            rest
        }
        _ => name,
    }
}
