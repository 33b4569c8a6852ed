//! A forked child gets a file of its own, with its first event.

use core::ffi::c_void;

use crate::{block, capture, clock, entry, maps, thread, timer};

#[link(name = "c")]
unsafe extern "C" {
    fn __register_atfork(
        prepare: Option<unsafe extern "C" fn()>,
        parent: Option<unsafe extern "C" fn()>,
        child: Option<unsafe extern "C" fn()>,
        library: *mut c_void,
    ) -> i32;
}

/// Asks to be called in children.
pub fn prepare() {
    // SAFETY: the library is never unloaded, so none is named.
    unsafe { __register_atfork(None, None, Some(child), core::ptr::null_mut()) };
}

unsafe extern "C" fn child() {
    entry::set_forked(thread::block().map_or((0, 0), |block| block.stack.get()));
    thread::forget();
    block::forget();
    capture::leave();
    maps::forget();
    clock::forget();
    #[cfg(full)]
    {
        crate::lock::forget();
        crate::io::forget();
    }
    timer::arm_forked();
}
