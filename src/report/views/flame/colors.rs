//! Colours of frames: one hue per crate, grey for the standard library, so that whose code it is
//! shows at a glance.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Hue and saturation in degrees and percent; `None` for frames that are not the project's.
pub(crate) fn tint(name: &str) -> Option<(u16, u16)> {
    let owner = owner(name);
    if matches!(owner, "std" | "core" | "alloc" | "runtime") || name.starts_with(['[', '_']) {
        return None;
    }
    let mut hasher = FxHasher::default();
    hasher.write(owner.as_bytes());
    let hash = hasher.finish() >> 32;
    // From red over yellow to green: the blues are left to differences.
    Some(((hash % 110) as u16, 55 + (hash / 110 % 30) as u16))
}

/// The crate, package or namespace a name begins with.
fn owner(name: &str) -> &str {
    // `<a::B as c::D>::e` belongs to the crate of its type.
    let name = name.trim_start_matches(['<', '&', '*', '(']);
    let name = name.strip_prefix("mut ").or(name.strip_prefix("dyn ")).unwrap_or(name);
    let end = name.find([':', '.', '<', ' ', '(']).unwrap_or(name.len());
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_has_one_colour_and_the_standard_library_none() {
        assert_eq!(tint("app::parse"), tint("<app::Tree as core::ops::Drop>::drop"));
        assert_eq!(tint("core::fmt::write"), None);
        assert_eq!(tint("<alloc::vec::Vec<T> as core::clone::Clone>::clone"), None);
        assert_eq!(tint("__libc_start_main"), None);
        assert!(tint("main").is_some());
    }
}
