//! Where the stack of each thread ends.
//!
//! The kernel copies as much as it is asked for, so past the end of a shallow stack it copies
//! whatever lies there; and of a deep stack it copies the top only. Knowing the end, the first
//! can be left out, and the frames next to the base be read beside the copy.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// How much is read next to the base of a stack that was cut.
const TAIL_BYTES: usize = 8 << 10;

/// How far above the stack pointer the end of a thread's stack is looked for, and in which steps.
const SEARCH_BYTES: u64 = 64 << 20;
const SEARCH_STEP: usize = 256 << 10;

/// Ends of stacks, by thread.
#[derive(Debug, Default)]
pub(super) struct Bases {
    ends: HashMap<u32, End>,
    memory: HashMap<u32, Option<File>>,
    tails: HashMap<u32, Tails>,
    pass: u64,
}

/// What was read next to the base of a thread's stack. It is read up to a pass later than the
/// stack copies, when the thread may have returned from all that it shows.
#[derive(Debug, Default)]
struct Tails {
    /// From the pass before, while the stack has been deep ever since: the base is as it was.
    before: Option<Tail>,
    /// From a pass, with its number, which is 0 where the base may have changed since.
    latest: Option<(u64, Tail)>,
}

/// The bytes next to the base of a stack, with the address of the first.
type Tail = (u64, Vec<u8>);

#[derive(Clone, Copy, Debug, Default)]
struct End {
    found: Option<u64>,
    // Where the main stack ends, for the main thread.
    main: Option<u64>,
    // The address space was searched, which is not done twice.
    searched: bool,
}

impl Bases {
    /// How many bytes of a copy that begins at `sp` belong to the thread's stack.
    pub(super) fn within(&mut self, pid: u32, tid: u32, sp: u64, copy: &[u8]) -> usize {
        let end = self.ends.entry(tid).or_default();
        if end.found.is_none_or(|end| end <= sp) {
            // A sample from within `exec` has a stack pointer of the program before, and there
            // the kernel may not know the main stack yet: that is no reason to forget or give up.
            if pid == tid && end.main.is_none() {
                end.main = main_stack(pid);
            }
            let main = end.main.filter(|&end| end > sp);
            end.found = main.or_else(|| control_block(sp, copy)).or(end.found);
        }
        let depth = end.found.and_then(|end| usize::try_from(end.checked_sub(sp)?).ok());
        depth.map_or(copy.len(), |depth| depth.min(copy.len()))
    }

    /// The ring buffers are about to be read once more.
    pub(super) fn next_pass(&mut self) {
        self.pass += 1;
    }

    /// A sample's stack was copied whole: what its thread's base shows may have changed.
    pub(super) fn shallow(&mut self, tid: u32) {
        if let Some(tails) = self.tails.get_mut(&tid) {
            // Of a program that ends in this pass it is all there is.
            let before = tails.before.take();
            let latest = tails.latest.take().map(|(_, tail)| tail);
            tails.latest = latest.or(before).map(|tail| (0, tail));
        }
    }

    /// The bytes next to the base of a stack that is deeper than its copy, with the address of
    /// the first.
    pub(super) fn tail(&mut self, pid: u32, tid: u32, sp: u64) -> Option<&Tail> {
        let tails = self.tails.entry(tid).or_default();
        if tails.latest.as_ref().is_none_or(|&(pass, _)| pass != self.pass) {
            let deep_since = tails.latest.take_if(|(pass, _)| *pass != 0);
            tails.before = deep_since.map(|(_, tail)| tail).or(tails.before.take());
            if let Some(tail) = self.read_tail(pid, tid, sp) {
                let pass = self.pass;
                self.tails.entry(tid).or_default().latest = Some((pass, tail));
            }
        }
        let tails = self.tails.get(&tid)?;
        let latest = tails.latest.as_ref().map(|(_, tail)| tail);
        tails.before.as_ref().or(latest).filter(|(start, _)| *start > sp)
    }

    fn read_tail(&mut self, pid: u32, tid: u32, sp: u64) -> Option<Tail> {
        let memory = self
            .memory
            .entry(pid)
            .or_insert_with(|| File::open(format!("/proc/{pid}/mem")).ok())
            .as_ref()?;
        let end = self.ends.entry(tid).or_default();
        if !end.searched && end.found.is_none_or(|end| end <= sp) {
            end.searched = true;
            end.found = search(pid, sp, memory);
        }
        let start = end.found.filter(|&end| end > sp)?.checked_sub(TAIL_BYTES as u64)?;
        let mut bytes = vec![0; TAIL_BYTES];
        memory.read_exact_at(&mut bytes, start).ok()?;
        Some((start, bytes))
    }
}

/// The address of the thread's control block in a copy of its stack: the C library puts it right
/// above the thread's stack on x86-64, and its first and third word hold its own address.
fn control_block(start: u64, copy: &[u8]) -> Option<u64> {
    if !cfg!(target_arch = "x86_64") {
        return None;
    }
    const ALIGNMENT: u64 = 64;
    let word = |address: u64| {
        let at = usize::try_from(address.checked_sub(start)?).ok()?;
        Some(u64::from_ne_bytes(copy.get(at..)?.first_chunk().copied()?))
    };
    let end = start.checked_add(copy.len() as u64)?;
    let first = start.checked_next_multiple_of(ALIGNMENT)?;
    (first..end).step_by(ALIGNMENT as usize).find(|&address| {
        word(address) == Some(address)
            && word(address + 16) == Some(address)
            && word(address + 8).is_some_and(|vector| vector != 0 && vector != address)
    })
}

/// Where the main thread's stack began.
fn main_stack(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The 28th field; the name before the third may hold anything.
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(25)?.parse().ok().filter(|&end| end > 0)
}

/// Looks for the control block in the memory from `sp` to the end of its mapping. That end is
/// not enough: another mapping may have been joined to the stack's.
fn search(pid: u32, sp: u64, memory: &File) -> Option<u64> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let end = maps.lines().find_map(|line| {
        let (start, end) = line.split_ascii_whitespace().next()?.split_once('-')?;
        let start = u64::from_str_radix(start, 16).ok()?;
        let end = u64::from_str_radix(end, 16).ok()?;
        (start..end).contains(&sp).then_some(end)
    })?;
    let end = end.min(sp.saturating_add(SEARCH_BYTES));
    let mut bytes = vec![0; SEARCH_STEP];
    // A block is aligned, and so are the steps: none is split.
    for start in (sp & !63..end).step_by(SEARCH_STEP) {
        let size = usize::try_from(end - start).ok()?.min(SEARCH_STEP);
        memory.read_exact_at(&mut bytes[..size], start).ok()?;
        if let Some(found) = control_block(start, &bytes[..size]) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: u64 = 0x7000_0000_0008;

    fn stack(block: u64) -> Vec<u8> {
        let mut bytes = vec![0x11; 1024];
        for (offset, word) in [(0, block), (8, 0x5000), (16, block)] {
            let at = (block - START + offset) as usize;
            bytes[at..at + 8].copy_from_slice(&word.to_ne_bytes());
        }
        bytes
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn what_lies_above_the_control_block_is_no_stack() {
        let mut bases = Bases::default();
        assert_eq!(bases.within(u32::MAX, 1, START, &stack(0x7000_0000_0200)), 0x1f8);
        // Known from then on, also where the copy does not reach it.
        assert_eq!(bases.within(u32::MAX, 1, START - 0x1000, &[0; 0x2000]), 0x11f8);
        assert_eq!(bases.within(u32::MAX, 2, START, &[0; 64]), 64, "another thread");
        assert_eq!(bases.within(u32::MAX, 1, START + 0x1000, &[0; 64]), 64, "another stack");
    }

    #[test]
    fn words_that_only_resemble_a_control_block_cut_nothing() {
        let mut bases = Bases::default();
        let mut list = stack(0x7000_0000_0200);
        list[0x200..0x208].copy_from_slice(&0x7000_0000_0200_u64.to_ne_bytes());
        assert_eq!(bases.within(u32::MAX, 1, START, &list), list.len());
        assert_eq!(bases.within(u32::MAX, 2, START, &[]), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_base_of_a_deep_stack_is_what_was_there_before_the_thread_returned() {
        let (pid, tid) = (std::process::id(), u32::MAX);
        let mut base = vec![1_u8; TAIL_BYTES];
        let start = base.as_ptr() as u64;
        let mut bases = Bases::default();
        let found = Some(start + TAIL_BYTES as u64);
        bases.ends.insert(tid, End { found, searched: true, ..End::default() });
        let seen = |bases: &mut Bases, base: &mut Vec<u8>, shallow, now| {
            std::hint::black_box(base).fill(now);
            bases.next_pass();
            if shallow {
                bases.shallow(tid);
            }
            let tail = bases.tail(pid, tid, start - 1).unwrap();
            assert_eq!((tail.0, tail.1.len()), (start, TAIL_BYTES));
            tail.1[0]
        };
        assert_eq!(seen(&mut bases, &mut base, false, 1), 1);
        assert_eq!(seen(&mut bases, &mut base, false, 1), 1);
        // The samples of this pass are from before the base was read, and so are the next ones.
        assert_eq!(seen(&mut bases, &mut base, false, 2), 1);
        assert_eq!(seen(&mut bases, &mut base, false, 2), 2);
        assert_eq!(seen(&mut bases, &mut base, true, 3), 3, "the stack was shallow in between");
        assert_eq!(seen(&mut bases, &mut base, false, 4), 3);
        // The program has ended.
        bases.memory.insert(pid, None);
        assert_eq!(seen(&mut bases, &mut base, false, 5), 4);
        assert_eq!(seen(&mut bases, &mut base, true, 5), 4, "nothing better is to be had");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_stack_pointer_above_the_main_stack_does_not_make_it_unknown() {
        let pid = std::process::id();
        let end = main_stack(pid).unwrap();
        let mut bases = Bases::default();
        assert_eq!(bases.within(pid, pid, end + 64, &[]), 0);
        assert_eq!(bases.within(pid, pid, end - 64, &[0; 128]), 64);
        assert_eq!(bases.within(pid, pid, end + 64, &[]), 0);
        assert_eq!(bases.within(pid, pid, end - 64, &[0; 128]), 64);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn our_own_main_stack_lies_where_the_kernel_says() {
        let end = main_stack(std::process::id()).unwrap();
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let line = maps.lines().find(|line| line.ends_with("[stack]")).unwrap();
        let (start, limit) = line.split(' ').next().unwrap().split_once('-').unwrap();
        assert!(u64::from_str_radix(start, 16).unwrap() < end);
        assert!(u64::from_str_radix(limit, 16).unwrap() >= end);
    }
}
