//! The address space of each process: which file lies where, over time.

use std::collections::{BTreeMap, HashMap};

use framehop::Unwinder as _;

use super::image::{self, Image};
use super::stacks::{Frame, FrameId, Stacks};
use super::unwind::{self, Unwinder};
use crate::capture::preload;
use crate::capture::raw::Map;

/// A file that was mapped, by the name that the kernel gave.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) path: String,
    pub(super) image: Image,
    /// Where it lay when first seen: start, end, file offset.
    pub(super) first: (u64, u64, u64),
    /// What was added to the file's addresses there.
    pub(super) bias: u64,
    /// The recorder's own library.
    pub(super) agent: bool,
    /// Another build lies there now than the one that ran: it tells nothing.
    pub(super) is_another: bool,
}

/// All files that any process mapped.
#[derive(Debug, Default)]
pub(super) struct Modules {
    all: Vec<Module>,
    by_path: HashMap<String, u32>,
    expected: HashMap<String, String>,
}

/// The maps of one process.
#[derive(Clone, Default)]
pub(super) struct Space {
    maps: BTreeMap<u64, Mapped>,
    pub(super) unwinder: Unwinder,
    frame_ids: HashMap<u64, FrameId>,
}

#[derive(Clone, Copy, Debug)]
struct Mapped {
    end: u64,
    module: u32,
    bias: u64,
}

impl Modules {
    pub(super) fn all(&self) -> &[Module] {
        &self.all
    }

    pub(super) fn get(&self, id: u32) -> Option<&Module> {
        self.all.get(id as usize)
    }

    /// The build id of the file that ran.
    pub(super) fn expect(&mut self, path: &str, build_id: &str) {
        if !self.expected.contains_key(path) && build_id.bytes().any(|digit| digit != b'0') {
            self.expected.insert(path.to_owned(), build_id.to_owned());
        }
    }

    /// Whether an image is of another build than the one that ran, as far as is known.
    fn is_another(&self, path: &str, image: &Image) -> bool {
        let found = &*image.build_id;
        self.expected.get(path).is_some_and(|ran| {
            // Short ids are padded with zeros, long ones are cut.
            !found.is_empty() && !ran.starts_with(found) && !found.starts_with(&**ran)
        })
    }

    pub(super) fn of(&mut self, map: &Map) -> u32 {
        // A file that was replaced while it ran is still there under its name, but is another.
        if let Some(&id) = self.by_path.get(&map.path) {
            return id;
        }
        let readable = image::names_a_file(&map.path);
        let mut image = if readable { Image::read(&map.path) } else { Image::default() };
        let is_another = self.is_another(&map.path, &image);
        if is_another {
            image = Image::default();
        }
        let id = self.all.len() as u32;
        self.all.push(Module {
            path: map.path.clone(),
            bias: bias(&image, map),
            image,
            first: (map.start, map.end, map.offset),
            agent: preload::is_agent(&map.path),
            is_another,
        });
        self.by_path.insert(map.path.clone(), id);
        id
    }
}

/// What is added to the file's addresses where it is mapped like this. Without headers to tell,
/// offsets in the file stand for addresses.
fn bias(image: &Image, map: &Map) -> u64 {
    let length = map.end.saturating_sub(map.start);
    map.start.wrapping_sub(image.address_of(map.offset, length).unwrap_or(map.offset))
}

impl Space {
    /// A file was mapped; what lay there before is gone.
    pub(super) fn map(&mut self, map: &Map, modules: &mut Modules) {
        let module = modules.of(map);
        let Some(known) = modules.get(module) else { return };
        let mapped = Mapped { end: map.end, module, bias: bias(&known.image, map) };
        if self.maps.get(&map.start).is_some_and(|old| {
            (old.end, old.module, old.bias) == (mapped.end, mapped.module, mapped.bias)
        }) {
            // Told by both backends.
            return;
        }
        let gone: Vec<u64> = self.overlapping(map.start, map.end).collect();
        for start in gone {
            self.maps.remove(&start);
            self.unwinder.remove_module(start);
            self.frame_ids.clear();
        }
        if map.start >= map.end {
            return;
        }
        self.unwinder.add_module(framehop::Module::new(
            map.path.clone(),
            map.start..map.end,
            mapped.bias,
            known.image.unwind_sections(),
        ));
        self.maps.insert(map.start, mapped);
        // Addresses seen here before the map was told.
        self.frame_ids.clear();
    }

    fn overlapping(&self, start: u64, end: u64) -> impl Iterator<Item = u64> {
        self.maps.range(..end).rev().take_while(move |(_, old)| old.end > start).map(|(&at, _)| at)
    }

    /// How many files are mapped.
    pub(super) fn len(&self) -> usize {
        self.maps.len()
    }

    /// Another program runs in the process.
    pub(super) fn clear(&mut self) {
        *self = Space::default();
    }

    /// Module and file address of an address.
    pub(super) fn find(&self, address: u64) -> Frame {
        match self.maps.range(..=address).next_back() {
            Some((_, mapped)) if address < mapped.end => {
                Frame { module: Some(mapped.module), address: address.wrapping_sub(mapped.bias) }
            }
            _ => Frame { module: None, address },
        }
    }

    /// The frame's id, remembered per address.
    pub(super) fn frame_id(&mut self, address: u64, stacks: &mut Stacks) -> FrameId {
        if let Some(&id) = self.frame_ids.get(&address) {
            return id;
        }
        let id = if address == unwind::GAP {
            stacks.frame(super::stacks::CUT)
        } else {
            stacks.frame(self.find(address))
        };
        self.frame_ids.insert(address, id);
        id
    }
}
