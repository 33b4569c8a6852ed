//! Proving a change: scratch copies, paired runs, a schedule, a canary.

pub mod checkout;
pub mod paired;
pub mod prove;
