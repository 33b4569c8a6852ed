//! I/O calls: how many, how many bytes, how long, and from where.

use core::sync::atomic::Ordering::Relaxed;

use crate::arch::{Frame, hook_framed};
use crate::block::Block;
use crate::layout::{IO_EXTRA, counter, io_call, kind, what};
use crate::sampling::First;
use crate::stack::{self, Measured};
use crate::{config, real, thread};

static FIRST: First = First::new();

macro_rules! calls {
    ($($name:ident = $kind:ident;)*) => {
        $(hook_framed!($name, body::$name);)*

        mod body {
            use super::*;
            $(
                pub unsafe extern "C" fn $name(
                    a: usize,
                    b: usize,
                    c: usize,
                    d: usize,
                    e: usize,
                    f: usize,
                    frame: &Frame,
                ) -> isize {
                    // SAFETY: the program's own arguments.
                    timed(io_call::$kind, frame, || unsafe { real::$name(a, b, c, d, e, f) })
                }
            )*
        }
    };
}

calls! {
    read = READ;
    readv = READ;
    pread = READ;
    pread64 = READ;
    preadv = READ;
    preadv64 = READ;
    recv = READ;
    recvfrom = READ;
    recvmsg = READ;
    write = WRITE;
    writev = WRITE;
    pwrite = WRITE;
    pwrite64 = WRITE;
    pwritev = WRITE;
    pwritev64 = WRITE;
    send = WRITE;
    sendto = WRITE;
    sendmsg = WRITE;
    sendfile = COPY;
    sendfile64 = COPY;
    copy_file_range = COPY;
    splice = COPY;
    fsync = SYNC;
    fdatasync = SYNC;
    open = OPEN;
    open64 = OPEN;
    openat = OPEN;
    openat64 = OPEN;
}

/// Makes a call and notes it.
#[inline]
fn timed(call: u64, frame: &Frame, make: impl FnOnce() -> isize) -> isize {
    if !config::records(kind::IO) {
        return make();
    }
    let Some(block) = thread::block().or_else(thread::join) else { return make() };
    let start = real::now();
    let result = make();
    let nanos = real::now().saturating_sub(start);
    let moves = matches!(call, io_call::READ | io_call::WRITE | io_call::COPY);
    let bytes = if moves { result.max(0) as u64 } else { 0 };
    note(block, call, bytes, nanos, frame);
    result
}

fn note(block: &Block, call: u64, bytes: u64, nanos: u64, frame: &Frame) {
    block.add(counter::IO_CALLS, 1);
    block.add(counter::IO_BYTES, bytes);
    block.add(counter::IO_NANOS, nanos);
    let amount = nanos + IO_EXTRA;
    if block.io.pass(amount) {
        let next = FIRST.mean(config::IO_MEAN.load(Relaxed));
        let mean = block.io.redraw(&block.random, next, real::cpu_time());
        let measured = Measured { what: what::IO, values: [bytes, nanos, call, 0], amount, mean };
        stack::record_caller(block, frame, &measured);
    }
}

/// Prepares a new thread.
pub fn adopt(block: &Block) {
    let mean = FIRST.of_new_thread(config::IO_MEAN.load(Relaxed));
    block.io.start(&block.random, Some(mean));
}

/// Starts again, in a forked child.
pub fn forget() {
    FIRST.reset();
}
