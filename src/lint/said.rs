//! What the lints say of a file before anyone has looked at what was measured: claims without the
//! tree they were made on, so that they can be kept.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::claim::{Room, Shape, Witness};
use crate::model::finding::{Related, Suggestion, Types};
use crate::source::heat::Quantity;

/// What the lints say of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Heard {
    pub said: Vec<Said>,
    /// Bytes of what is compiled for tests only.
    pub test_code: Vec<Range<usize>>,
    /// Debug info was asked for the types of fields.
    pub asked_fields: bool,
    /// Why the file could not be parsed: line, column, words.
    pub problem: Option<(usize, usize, String)>,
}

/// A claim, and the places it speaks of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Said {
    pub lint: String,
    /// What its id is made of.
    pub fingerprint: u64,
    pub bytes: Range<usize>,
    /// Where its cost is looked for.
    pub regions: Vec<Lines>,
    /// The functions around the span and those regions.
    pub functions: Vec<Lines>,
    pub shape: Shape,
    pub types: Types,
    pub message: String,
    pub label: String,
    pub related: Vec<Related>,
    pub notes: Vec<String>,
    pub suggestions: Vec<Suggestion>,
    pub room: Option<Room>,
    /// Where the value it speaks of is made.
    pub about: Option<Range<usize>>,
    pub yields_to: Vec<String>,
    pub of_bench: bool,
    pub leaves_no_samples: bool,
    pub refuted_by: Option<(Lines, Quantity)>,
    /// Functions that look at names of frames: they cannot be kept.
    #[serde(skip)]
    pub witnesses: Vec<Witness>,
}

/// Start and end as line and column.
pub(super) type Lines = ((u32, u32), (u32, u32));
