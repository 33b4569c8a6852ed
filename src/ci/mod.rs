//! Where findings meet a forge or a git hook.

pub mod comment;
pub mod event;
pub mod forge;
mod git;
pub mod github;
pub mod gitlab;
pub mod hook;
mod http;
mod patch;
pub mod push;
