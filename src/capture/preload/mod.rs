//! The preload agent, seen from outside: where it lies, what it is told, what it leaves behind.
//!
//! The agent itself is the folder `agent/` of the package; the build script compiles it and it
//! rides in this executable. [`Agent::install`] writes it to a directory, [`Wanted::environment`]
//! says with which environment a program has to be started, [`captures`] finds the files that its
//! processes leave, and a [`Reader`] turns each into events.

mod agent;
mod environment;
mod error;
mod executable;
#[expect(dead_code, reason = "some of it only the agent uses")]
#[path = "../../../agent/layout.rs"]
mod layout;
mod reader;
mod record;
mod slots;
mod summary;

pub use agent::{Agent, Variant, is_agent, why_missing};
pub use environment::{Wanted, captures};
pub use error::Error;
pub use executable::{Executable, Heap, Linking};
pub use reader::Reader;
pub use slots::Slots;
pub use summary::{Notes, Summary};
