//! The preload agent: counts and samples what a program does, from inside it.
//!
//! Compiled by the build script of `cargo perf`, without the standard library and without any
//! crate; it is the one place of the project where `unsafe` is the rule. What it must never do:
//! allocate, call a function that could be interposed (system calls are made directly), touch
//! `errno`, lock something that a signal handler or a forked child could find locked, or change
//! what the program does.
//!
//! With `--cfg full` the library interposes the allocator, futexes and I/O; without it, only what
//! CPU sampling and clock reads need, so that such runs carry no other hooks.

#![no_std]
// Loops stay loops: as calls of memset or memcpy they could be interposed.
#![no_builtins]
// The smaller library uses a part of what both share.
#![cfg_attr(not(full), allow(dead_code))]
#![deny(unsafe_op_in_unsafe_fn)]

mod arch;
mod block;
mod capture;
mod clock;
mod config;
mod entry;
mod fork;
mod layout;
mod maps;
mod real;
mod sampling;
mod sigprof;
mod stack;
mod sys;
mod thread;
mod timer;

#[cfg(full)]
mod boot;
#[cfg(full)]
mod got;
#[cfg(full)]
mod heap;
#[cfg(full)]
mod io;
#[cfg(full)]
mod live;
#[cfg(full)]
mod lock;
#[cfg(full)]
mod waiters;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // Nothing here panics by intent; should it happen, the program ends instead of running on
    // with an agent in an unknown state.
    sys::abort()
}
