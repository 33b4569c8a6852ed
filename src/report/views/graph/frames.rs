//! What a frame of a stack is to the graph: the frames that count as one, found once per location.

use rustc_hash::FxHashMap;

use super::path::clean;
use crate::model::profile::Profile;

/// What a node stands for; texts are indices into [`Frames::text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Info {
    pub name: u32,
    pub address: u64,
    pub file: u32,
    pub start_line: u32,
    pub line: u32,
    pub object: u32,
}

/// The frames of a profile's locations.
pub(crate) struct Frames {
    pub infos: Vec<Info>,
    /// How each info is printed.
    pub printable: Vec<String>,
    texts: Vec<String>,
    /// Frames of location `i`: `of_location[starts[i]..starts[i + 1]]`, innermost first.
    starts: Vec<u32>,
    of_location: Vec<u32>,
}

#[derive(Default)]
struct Texts {
    texts: Vec<String>,
    places: FxHashMap<String, u32>,
}

impl Texts {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }
}

impl Frames {
    /// `objects`: frames of different executables are different even under one name.
    pub(crate) fn of(profile: &Profile, objects: bool) -> Self {
        let mut texts = Texts::default();
        texts.place("");
        let names: Vec<(u32, u32)> = profile
            .functions
            .iter()
            .map(|function| {
                let file = function.filename.as_str();
                let file = if file.is_empty() { 0 } else { texts.place(&clean(file)) };
                (texts.place(&function.name), file)
            })
            .collect();
        let files: Vec<u32> =
            profile.mappings.iter().map(|mapping| texts.place(&mapping.filename)).collect();
        let mut frames = Frames {
            infos: Vec::new(),
            printable: Vec::new(),
            texts: Vec::new(),
            starts: Vec::with_capacity(profile.locations.len() + 1),
            of_location: Vec::with_capacity(profile.locations.len()),
        };
        let mut places: FxHashMap<Info, u32> = FxHashMap::default();
        for location in &profile.locations {
            frames.starts.push(frames.of_location.len() as u32);
            let object = location.mapping.map_or(0, |at| files[at as usize]);
            let mut add = |info: Info| {
                let infos = &mut frames.infos;
                let place = *places.entry(info).or_insert_with(|| {
                    infos.push(info);
                    infos.len() as u32 - 1
                });
                frames.of_location.push(place);
            };
            if location.lines.is_empty() {
                add(Info { address: location.address, object, ..Info::default() });
            }
            for line in &location.lines {
                let (name, file) = names[line.function as usize];
                let mut info = Info {
                    name,
                    address: location.address,
                    file,
                    line: line.line,
                    ..Info::default()
                };
                if objects || name == 0 {
                    info.object = object;
                    info.start_line = profile.functions[line.function as usize].start_line;
                }
                add(info);
            }
        }
        frames.starts.push(frames.of_location.len() as u32);
        frames.texts = texts.texts;
        frames.printable =
            frames.infos.iter().map(|info| frames.components(info).join(" ")).collect();
        frames
    }

    /// Frames of a location, innermost first.
    pub(crate) fn of_location(&self, location: u32) -> &[u32] {
        let at = location as usize;
        &self.of_location[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// A text of an [`Info`].
    pub(crate) fn text(&self, place: u32) -> &str {
        &self.texts[place as usize]
    }

    /// What is printed of a node, in parts.
    pub(crate) fn components(&self, info: &Info) -> Vec<String> {
        self.components_of(info, self.text(info.name), self.text(info.file))
    }

    /// The same with another name and file.
    pub(crate) fn components_of(&self, info: &Info, name: &str, file: &str) -> Vec<String> {
        let mut parts = Vec::with_capacity(3);
        if info.address != 0 {
            parts.push(format!("{:016x}", info.address));
        }
        if !name.is_empty() {
            parts.push(name.to_owned());
        }
        if info.line != 0 {
            parts.push(format!("{file}:{}", info.line));
        } else if !file.is_empty() {
            parts.push(file.to_owned());
        } else if !name.is_empty() {
        } else if info.object != 0 {
            parts.push(format!(
                "[{}]",
                crate::report::views::prepared::base_name(self.text(info.object))
            ));
        } else {
            parts.push("<unknown>".to_owned());
        }
        parts
    }

    /// All of an info in a fixed order: the last resort when two nodes print alike.
    pub(super) fn all(&self, info: &Info) -> String {
        format!(
            "{{{}  {} {} {} {} {}}}",
            self.text(info.name),
            info.address,
            self.text(info.file),
            info.start_line,
            info.line,
            self.text(info.object)
        )
    }
}
