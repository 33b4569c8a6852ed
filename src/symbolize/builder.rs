//! Takes raw events one by one and keeps only what the profile will hold.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use super::ahead::Ahead;
use super::root;
use super::space::{Modules, Space};
use super::stacks::{FrameId, StackId, Stacks};
use super::unwind::{self, BaseFrames, Cache, End};
use super::values::Values;
use crate::capture::Kind;
use crate::capture::raw::{Event, Stack, What};
use crate::model::profile::{Label, TABLE_GROUP};

/// Labels that were made known to a [`Builder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelSet(pub(super) u32);

/// Where and when something was measured: what decides whether it belongs into the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Process.
    pub pid: u32,
    /// Thread.
    pub tid: u32,
    /// When, on the monotonic clock. Of a wait or an I/O call, its end.
    pub time: u64,
    /// What was measured.
    pub what: What,
}

/// How good the stacks are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Stacks that were unwound.
    pub stacks: u64,
    /// Those of them that reach the start of the program or thread.
    pub complete: u64,
    /// Those that were deeper than the copy; top and base are joined by a `[truncated]` frame.
    pub truncated: u64,
    /// Stacks within the recorder's own code; they are not in the profile.
    pub agent: u64,
    /// Events that the backends lost.
    pub lost: u64,
}

impl Quality {
    /// Share of complete stacks. One that was cut counts where its base was found.
    pub fn complete_share(&self) -> Option<f64> {
        (self.stacks > 0).then(|| self.complete as f64 / self.stacks as f64)
    }
}

/// What was in use, as the sampled blocks tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Bytes at the peak.
    pub bytes: u64,
    /// Sampled blocks that were in use then.
    pub blocks: usize,
    /// Bytes at the end.
    pub end: u64,
}

/// Builds a [`Profile`](crate::model::profile::Profile) from raw events.
pub struct Builder {
    pub(super) kinds: Vec<Kind>,
    pub(super) label_sets: Vec<Vec<Label>>,
    pub(super) modules: Modules,
    spaces: HashMap<u32, Space>,
    cache: Cache,
    bases: BaseFrames,
    pub(super) stacks: Stacks,
    pub(super) thread_names: Names,
    threads: HashMap<(u32, u32), u32>,
    pub(super) values: HashMap<Key, Values>,
    // How many copies gave each stack, for the share of complete ones.
    pub(super) copies: Vec<u64>,
    live: HashMap<(u32, u64), (Key, Values)>,
    in_use_bytes: u64,
    peak: InUse,
    pub(super) roots: HashMap<FrameId, bool>,
    pub(super) quality: Quality,
    pub(super) saw_thread_start: bool,
    tells_processes_apart: bool,
    /// The first program to be recorded.
    pub(super) ahead: Option<Ahead>,
    // Reused from stack to stack.
    addresses: Vec<u64>,
    frames: Vec<FrameId>,
}

/// Which sample of the profile something adds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) stack: StackId,
    pub(super) labels: LabelSet,
    pub(super) thread: u32,
    /// 0 where processes are not told apart.
    pub(super) pid: u32,
    /// Of a wait and a wake, the lock's address, by which the two are matched; else 0.
    pub(super) lock: u64,
    /// Of an allocation, about how large it is, since that tells the buckets of a hash table; else 0.
    pub(super) size: u64,
}

/// Names of threads, each kept once. The first is that of threads without a name.
pub(super) struct Names {
    pub(super) all: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Names {
    fn id(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = self.all.len() as u32;
        self.all.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }
}

const MAIN_THREAD: &str = "main";
const UNNAMED_THREAD: &str = "unnamed";

impl Builder {
    /// A profile with the sample types of these kinds: of those that were recorded, since a
    /// value that is there says that it was measured.
    pub fn new(kinds: &[Kind]) -> Self {
        let mut thread_names = Names { all: Vec::new(), ids: HashMap::new() };
        thread_names.id(UNNAMED_THREAD);
        Builder {
            kinds: kinds.to_vec(),
            label_sets: Vec::new(),
            modules: Modules::default(),
            spaces: HashMap::new(),
            cache: Cache::new(),
            bases: BaseFrames::default(),
            stacks: Stacks::default(),
            thread_names,
            threads: HashMap::new(),
            values: HashMap::new(),
            copies: Vec::new(),
            live: HashMap::new(),
            in_use_bytes: 0,
            peak: InUse::default(),
            roots: HashMap::new(),
            quality: Quality::default(),
            saw_thread_start: false,
            tells_processes_apart: false,
            ahead: None,
            addresses: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// Labels samples with their process, where there are several.
    pub fn tell_processes_apart(&mut self) {
        self.tells_processes_apart = true;
    }

    /// Begins to read the debug info of the program that is recorded first. More than one would only
    /// fill the memory.
    pub fn read_ahead(&mut self, program: &Path) {
        self.ahead.get_or_insert_with(|| Ahead::of(program));
    }

    /// Makes labels known, to be returned by an `admit`. The builder itself adds `thread`.
    pub fn labels(&mut self, labels: &[Label]) -> LabelSet {
        let at = self.label_sets.iter().position(|set| set == labels).unwrap_or_else(|| {
            self.label_sets.push(labels.to_vec());
            self.label_sets.len() - 1
        });
        LabelSet(at as u32)
    }

    /// Takes one event. `admit` is asked for each stack: `None` leaves it out. Tells which stack it
    /// was, if it is in the profile.
    pub fn event(
        &mut self,
        event: &Event<'_>,
        admit: impl FnOnce(&Occurrence) -> Option<LabelSet>,
    ) -> Option<u32> {
        match event {
            Event::Map(map) => {
                self.spaces.entry(map.pid).or_default().map(map, &mut self.modules);
            }
            Event::Thread { pid, tid, name } => {
                let name = self.thread_names.id(name);
                self.threads.insert((*pid, *tid), name);
            }
            Event::Fork { pid, parent } => {
                let space = self.spaces.get(parent).cloned().unwrap_or_default();
                self.spaces.insert(*pid, space);
            }
            Event::Exec { pid, .. } => {
                if let Some(space) = self.spaces.get_mut(pid) {
                    space.clear();
                }
                let in_use = &mut self.in_use_bytes;
                self.live.retain(|(owner, _), (_, values)| {
                    let stays = owner != pid;
                    if !stays {
                        *in_use = in_use.saturating_sub(values.bytes_in_use());
                    }
                    stays
                });
            }
            Event::Stack(stack) => return self.stack(stack, admit),
            Event::Clock(_) | Event::Exit { .. } | Event::Call { .. } => {}
            Event::Lost { events } => self.quality.lost += events,
        }
        None
    }

    /// The frames of a stack, innermost first: places among the locations of the profile to come.
    pub fn frames(&self, stack: u32) -> &[u32] {
        self.stacks.stacks().get(stack as usize).map_or(&[], |frames| frames)
    }

    /// What a thread is called.
    pub fn thread_name(&self, pid: u32, tid: u32) -> &str {
        match self.threads.get(&(pid, tid)) {
            _ if pid == tid => MAIN_THREAD,
            Some(&name) => &self.thread_names.all[name as usize],
            None => UNNAMED_THREAD,
        }
    }

    /// What was in use, of all that was admitted, as its samples tell.
    pub fn bytes_in_use(&self) -> InUse {
        InUse { end: self.in_use_bytes, ..self.peak }
    }

    fn stack(
        &mut self,
        stack: &Stack<'_>,
        admit: impl FnOnce(&Occurrence) -> Option<LabelSet>,
    ) -> Option<u32> {
        let Stack { pid, tid, time, what, .. } = *stack;
        if let What::Free { address } = what {
            self.free(pid, address);
            return None;
        }
        let labels = admit(&Occurrence { pid, tid, time, what })?;
        let id = self.unwind(stack)?;
        let thread = match self.threads.get(&(pid, tid)) {
            _ if pid == tid => self.thread_names.id(MAIN_THREAD),
            Some(&name) => name,
            None => 0,
        };
        let lock = match what {
            What::LockWait { address, .. } | What::LockWake { address, .. } => address,
            _ => 0,
        };
        let size = match what {
            What::Alloc { bytes, .. } => rounded(bytes),
            What::Growth { new, .. } => rounded(new),
            _ => 0,
        };
        let process = if self.tells_processes_apart { pid } else { 0 };
        let key = Key { stack: id, labels, thread, pid: process, lock, size };
        self.values.entry(key).or_default().add(&Values::of(&what));
        match what {
            What::Alloc { address, bytes, weight_milli } => {
                self.in_use(pid, address, key, Values::in_use(bytes, weight_milli));
            }
            What::Growth { address, new, weight_milli, .. } => {
                self.in_use(pid, address, key, Values::in_use(new, weight_milli));
            }
            What::ThreadStart { .. } => self.saw_thread_start = true,
            _ => {}
        }
        Some(id)
    }

    fn in_use(&mut self, pid: u32, address: u64, key: Key, values: Values) {
        // An address that is given out again was freed.
        self.free(pid, address);
        self.values.entry(key).or_default().add(&values);
        self.in_use_bytes = self.in_use_bytes.saturating_add(values.bytes_in_use());
        self.live.insert((pid, address), (key, values));
        if self.in_use_bytes > self.peak.bytes {
            self.peak.bytes = self.in_use_bytes;
            self.peak.blocks = self.live.len();
        }
    }

    fn free(&mut self, pid: u32, address: u64) {
        let Some((key, values)) = self.live.remove(&(pid, address)) else { return };
        self.in_use_bytes = self.in_use_bytes.saturating_sub(values.bytes_in_use());
        if let Some(sum) = self.values.get_mut(&key) {
            sum.remove(&values);
        }
    }

    /// The stack's id; `None` for one that lies within the recorder's own code.
    fn unwind(&mut self, stack: &Stack<'_>) -> Option<StackId> {
        let space = self.spaces.entry(stack.pid).or_default();
        let end = unwind::unwind(space, &mut self.cache, stack, &mut self.addresses);
        if end == End::Cut {
            self.quality.truncated += 1;
            let (modules, roots, stacks) = (&self.modules, &mut self.roots, &mut self.stacks);
            self.bases.join(space, &mut self.cache, stack, &mut self.addresses, |address| {
                let frame = space.find(address);
                *roots.entry(stacks.frame(frame)).or_insert_with(|| {
                    let module = frame.module.and_then(|id| modules.get(id));
                    module.is_some_and(|module| root::has_no_caller(module, frame.address))
                })
            });
        }
        let space = self.spaces.get_mut(&stack.pid)?;
        self.frames.clear();
        let mut innermost_is_agent = false;
        for (at, &address) in self.addresses.iter().enumerate() {
            let id = space.frame_id(address, &mut self.stacks);
            let frame = self.stacks.frames()[id as usize];
            let module = frame.module.and_then(|module| self.modules.get(module));
            if module.is_some_and(|module| module.agent) {
                innermost_is_agent |= at == 0;
            } else {
                self.frames.push(id);
            }
        }
        if innermost_is_agent && matches!(stack.what, What::Cpu { .. }) || self.frames.is_empty() {
            self.quality.agent += 1;
            return None;
        }
        let id = self.stacks.stack(&self.frames);
        self.quality.stacks += 1;
        self.copies.resize(self.stacks.stacks().len(), 0);
        self.copies[id as usize] += 1;
        Some(id)
    }
}

/// What is beyond a [`TABLE_GROUP`], rounded down to its eight leading bits: so many different sizes a
/// stack may have, however long is recorded. It leaves those of hash tables as they are: a power of
/// two of entries of up to 255 bytes, and a group of control bytes.
fn rounded(bytes: u64) -> u64 {
    const BITS: u32 = 8;
    let Some(beyond) = bytes.checked_sub(TABLE_GROUP) else { return bytes };
    let below = (u64::BITS - beyond.leading_zeros()).saturating_sub(BITS);
    (beyond >> below << below) + TABLE_GROUP
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("kinds", &self.kinds)
            .field("quality", &self.quality)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE_GROUP, rounded};

    #[test]
    fn sizes_keep_eight_leading_bits_beyond_a_group() {
        let beyond = |size: u64| rounded(TABLE_GROUP + size) - TABLE_GROUP;
        let sizes = [0, 1, 255, 256, 257, 512, 513, 515, 516].map(beyond);
        assert_eq!(sizes, [0, 1, 255, 256, 256, 512, 512, 512, 516]);
        assert_eq!([0, 1, TABLE_GROUP].map(rounded), [0, 1, TABLE_GROUP]);
    }

    #[test]
    fn tables_keep_their_size() {
        for entry in [2, 16, 24, 200] {
            for buckets in [4, 64, 1 << 20] {
                let size = buckets * (entry + 1) + TABLE_GROUP;
                assert_eq!(rounded(size), size);
            }
        }
    }
}
