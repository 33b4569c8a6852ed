//! Stacks from samples, and the profile that they make.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::file::{Attr, File};
use super::record::{self, Raw, Record};
use super::sample::{self, Sample};
use super::wrong;
use crate::capture::raw::{self, Map, Regs, What};
use crate::formats::{FormatError, event_value_type};
use crate::model::profile::{Label, Profile, ValueType};
use crate::symbolize::finish;
use crate::symbolize::resolve::{self, Functions};
use crate::symbolize::space::{Modules, Space};
use crate::symbolize::stacks::{self, Frame, FrameId, StackId};
use crate::symbolize::unwind::{self, Cache, End};

/// Stands for all code of the kernel, whose addresses say nothing to whoever has not booted it.
const KERNEL: &str = "[kernel]";

/// Maps of all address spaces together; each process that begins has those of its parent.
const MOST_MAPS: usize = 1 << 20;
/// Files that are opened on the profile's word.
const MOST_FILES: usize = 1 << 12;

/// What samples add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    stack: StackId,
    name: u32,
    pid: u32,
    event: usize,
}

/// The stacks seen so far.
pub(super) struct Stacks {
    modules: Modules,
    spaces: HashMap<u32, Space>,
    maps: usize,
    cache: Cache,
    stacks: stacks::Stacks,
    kernel: Option<FrameId>,
    names: Vec<String>,
    name_ids: HashMap<String, u32>,
    threads: HashMap<(u32, u32), u32>,
    /// How many samples, and for how much of the event they stand.
    values: HashMap<Key, (i64, i64)>,
    times: Option<(u64, u64)>,
    addresses: Vec<u64>,
    frames: Vec<FrameId>,
}

impl Stacks {
    pub(super) fn new(file: &File<'_>) -> Self {
        let mut modules = Modules::default();
        for (path, build) in &file.builds {
            modules.expect(&on_disk(path), build);
        }
        Stacks {
            modules,
            spaces: HashMap::new(),
            maps: 0,
            cache: Cache::new(),
            stacks: stacks::Stacks::default(),
            kernel: None,
            names: Vec::new(),
            name_ids: HashMap::new(),
            threads: HashMap::new(),
            values: HashMap::new(),
            times: None,
            addresses: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// Takes the record at a place.
    pub(super) fn record(&mut self, file: &File<'_>, at: usize) -> Result<(), FormatError> {
        let damaged = || wrong(format!("the record at byte {at} is damaged"));
        let (raw, _) = record::raw(file, at).ok_or_else(damaged)?;
        match record::parse(raw).ok_or_else(damaged)? {
            Record::Map { pid, start, end, offset, path, build } => {
                let path = on_disk(&path);
                if let Some(build) = build {
                    self.modules.expect(&path, &build);
                }
                self.maps += 1;
                self.bounded()?;
                let map = Map { pid, time: 0, start, end, offset, path };
                self.spaces.entry(pid).or_default().map(&map, &mut self.modules);
                if self.modules.all().len() > MOST_FILES {
                    return Err(wrong("it names more files than are opened for one profile"));
                }
            }
            Record::Name { pid, tid, name, is_exec } => {
                if is_exec && let Some(space) = self.spaces.get_mut(&pid) {
                    space.clear();
                }
                let name = self.name(&name);
                self.threads.insert((pid, tid), name);
            }
            Record::Fork { pid, parent, tid, parent_tid } => {
                if let Some(&name) = self.threads.get(&(parent, parent_tid)) {
                    self.threads.insert((pid, tid), name);
                }
                if pid != parent {
                    let space = self.spaces.get(&parent).cloned().unwrap_or_default();
                    self.maps += space.len();
                    self.bounded()?;
                    self.spaces.insert(pid, space);
                }
            }
            Record::Sample => {
                let event = record::event(file, raw);
                let attr = &file.attrs[event];
                let sample = sample::parse(raw.body, attr).ok_or_else(damaged)?;
                self.sample(&sample, raw, attr, event);
            }
            Record::Other => {}
        }
        Ok(())
    }

    fn bounded(&self) -> Result<(), FormatError> {
        if self.maps > MOST_MAPS { Err(FormatError::TooLarge) } else { Ok(()) }
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.name_ids.get(name) {
            return id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_ids.insert(name.to_owned(), id);
        id
    }

    fn sample(&mut self, sample: &Sample<'_>, raw: Raw<'_>, attr: &Attr, event: usize) {
        self.frames.clear();
        self.chain(sample, raw, attr);
        if self.frames.is_empty() {
            return;
        }
        let stack = self.stacks.stack(&self.frames);
        let name = match self.threads.get(&(sample.pid, sample.tid)) {
            Some(&name) => name,
            None => self.name("unnamed"),
        };
        let key = Key { stack, name, pid: sample.pid, event };
        let (samples, period) = self.values.entry(key).or_default();
        *samples += 1;
        *period = period.saturating_add(i64::try_from(sample.period).unwrap_or(i64::MAX));
        if attr.sample_type & sample::TIME != 0 {
            let (first, last) = self.times.get_or_insert((sample.time, sample.time));
            (*first, *last) = ((*first).min(sample.time), (*last).max(sample.time));
        }
    }

    /// The frames of a sample, innermost first.
    fn chain(&mut self, sample: &Sample<'_>, raw: Raw<'_>, attr: &Attr) {
        // Above this, a number of a chain is a mark that tells whose the next addresses are.
        const MARKS: u64 = -4095_i64 as u64;
        const USER: [u64; 2] = [-512_i64 as u64, -640_i64 as u64];
        let mut is_users = true;
        let mut is_first = true;
        self.addresses.clear();
        for chunk in sample.chain.as_chunks().0 {
            let address = u64::from_le_bytes(*chunk);
            if address >= MARKS {
                is_users = USER.contains(&address);
                is_first = true;
            } else if !is_users {
                self.push_kernel();
            } else if address != 0 {
                // All but the innermost are where a call returns to, so behind it.
                self.addresses.push(if is_first { address } else { address - 1 });
                is_first = false;
            }
        }
        if !sample.stack.is_empty()
            && let Some(regs) = registers(sample, attr)
        {
            self.unwind(sample, regs);
        }
        if self.addresses.is_empty()
            && self.frames.is_empty()
            && let Some(ip) = sample.ip
        {
            if raw.is_users() { self.addresses.push(ip) } else { self.push_kernel() }
        }
        let space = self.spaces.entry(sample.pid).or_default();
        for &address in &self.addresses {
            self.frames.push(space.frame_id(address, &mut self.stacks));
        }
    }

    fn unwind(&mut self, sample: &Sample<'_>, regs: Regs) {
        let stack = raw::Stack {
            pid: sample.pid,
            tid: sample.tid,
            time: sample.time,
            what: What::Cpu { nanos: 0 },
            regs,
            bytes: sample.stack,
            tail: sample.is_cut.then_some((0, &[])),
        };
        let space = self.spaces.entry(sample.pid).or_default();
        if unwind::unwind(space, &mut self.cache, &stack, &mut self.addresses) == End::Cut {
            self.addresses.push(unwind::GAP);
        }
    }

    fn push_kernel(&mut self) {
        let frame = *self.kernel.get_or_insert_with(|| {
            let map = Map { pid: 0, time: 0, start: 0, end: 0, offset: 0, path: KERNEL.to_owned() };
            let module = Some(self.modules.of(&map));
            self.stacks.frame(Frame { module, address: 0 })
        });
        if self.frames.last() != Some(&frame) {
            self.frames.push(frame);
        }
    }

    /// Names the addresses and adds up.
    pub(super) fn finish(self, file: &File<'_>) -> Result<Profile, FormatError> {
        if self.values.is_empty() {
            return Err(wrong("it holds no samples with a stack"));
        }
        let mut functions = Functions::default();
        let locations =
            resolve::resolve(self.stacks.frames(), self.modules.all(), &mut functions, None);
        let mut types = vec![ValueType::new("samples", "count")];
        let mut columns: BTreeMap<usize, usize> = BTreeMap::new();
        let events: BTreeSet<usize> = self.values.keys().map(|key| key.event).collect();
        for event in events {
            let name = &file.attrs[event].name;
            let mut kind = event_value_type(name.as_bytes());
            // Two clocks are two measurements of the same.
            if types.contains(&kind) {
                kind.name = name.clone();
            }
            columns.insert(event, types.len());
            types.push(kind);
        }
        let pids: BTreeSet<u32> = self.values.keys().map(|key| key.pid).collect();
        let mut builder = crate::formats::Builder::new(types);
        let mut values: Vec<(Key, (i64, i64))> = self.values.into_iter().collect();
        values.sort_unstable();
        for (key, (samples, period)) in values {
            let mut row = vec![0; columns.len() + 1];
            row[0] = samples;
            row[columns[&key.event]] = period;
            let mut labels = vec![Label::text("thread", &self.names[key.name as usize])];
            if pids.len() > 1 {
                labels.push(Label::number("pid", i64::from(key.pid)));
            }
            builder.sample(&self.stacks.stacks()[key.stack as usize], &row, &labels)?;
        }
        let profile = builder.finish();
        let has_periods = profile.samples.iter().any(|sample| sample.values[1] != 0);
        let (first, last) = self.times.unwrap_or_default();
        Ok(Profile {
            default_sample_type: Some(usize::from(has_periods)),
            locations,
            functions: functions.all,
            mappings: finish::mappings(&self.modules),
            duration_nanos: i64::try_from(last - first).unwrap_or(i64::MAX),
            ..profile
        })
    }
}

/// Where unwinding begins, by the kernel's numbers of the registers.
fn registers(sample: &Sample<'_>, attr: &Attr) -> Option<Regs> {
    let [pc, sp, fp] = if cfg!(target_arch = "aarch64") { [32, 31, 29] } else { [8, 7, 6] };
    let lr = if cfg!(target_arch = "aarch64") { sample.register(attr, 30)? } else { 0 };
    let register = |number| sample.register(attr, number);
    Some(Regs { pc: register(pc)?, sp: register(sp)?, fp: register(fp)?, lr })
}

/// The one name of a file that has many, so that none is read twice.
fn on_disk(path: &str) -> String {
    let real = std::fs::canonicalize(path).ok().filter(|_| path.starts_with('/'));
    real.and_then(|real| real.into_os_string().into_string().ok())
        .unwrap_or_else(|| path.to_owned())
}
