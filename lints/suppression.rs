//! # What it finds
//!
//! A suppression comment that gives no reason, names no lint that there is, or silences a lint
//! that has nothing to say there any more.
//!
//! # What it costs
//!
//! Nothing at run time. But a comment without a reason cannot be judged by the next reader, and
//! one that outlived its cause hides the next finding on that line.
//!
//! # The rewrite
//!
//! Write the reason behind the parenthesis, `// perf: allow(slow_hasher) keys come from the
//! network`; remove what silences nothing.
//!
//! # When to keep the code
//!
//! A lint speaks only with a profile at hand, and there is none. Suspects count as spoken, so that
//! this is rare.
//!
//! # How it was proved
//!
//! By running the lint that the comment names.

use crate::lint::prelude::*;
use crate::lint::suppression::NAME;

/// See the text above. The engine itself reviews the comments, once the lints have run.
pub static LINT: Lint = Lint {
    name: NAME,
    summary: "a suppression comment without a reason, a known lint, or an effect",
    on: &[],
    methods: &[],
    check: |_| None,
};
