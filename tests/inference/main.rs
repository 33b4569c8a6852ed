//! What local inference says of fixtures, held against the types the compiler found.

mod notes;
