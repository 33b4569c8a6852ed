//! The Firefox Profiler's processed profile format, as samply writes it too.

mod file;
mod read;
mod write;

pub use read::read;
pub use write::write;
