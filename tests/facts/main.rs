//! Facts from debug info, of programs compiled on the spot.

mod debuginfo;
mod decide;
mod program;
