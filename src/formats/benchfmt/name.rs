//! The parts of a bench's name: `Base/key=value/part-8`.

/// A full name and where its parts lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    full: &'a str,
    /// Where the trailing `-N` begins, or the length.
    procs_at: usize,
}

impl<'a> Name<'a> {
    /// Finds the parts.
    pub fn new(full: &'a str) -> Self {
        let digits = full.bytes().rev().take_while(u8::is_ascii_digit).count();
        let dash = full.len() - digits;
        let has_procs = digits > 0 && full[..dash].ends_with('-');
        Name { full, procs_at: if has_procs { dash - 1 } else { full.len() } }
    }

    /// The name as it stands.
    pub fn full(self) -> &'a str {
        self.full
    }

    /// Up to the first slash, or up to the number of processors where there is none.
    pub fn base(self) -> &'a str {
        match self.full.find('/') {
            Some(slash) => &self.full[..slash],
            None => &self.full[..self.procs_at],
        }
    }

    /// What follows the first part: `/key=value` and `/part`, then `-N`. With the first part they
    /// make up the full name. The first part is not always [`Name::base`]: see `first`.
    pub fn rest(self) -> impl Iterator<Item = &'a str> {
        let parts = &self.full[self.first().len()..self.procs_at];
        let procs = &self.full[self.procs_at..];
        let starts = parts.match_indices('/').map(|(at, _)| at);
        let ends = starts.clone().skip(1).chain(std::iter::once(parts.len()));
        starts
            .zip(ends)
            .map(move |(start, end)| &parts[start..end])
            .chain((!procs.is_empty()).then_some(procs))
    }

    /// The part before the first slash, without the number of processors.
    pub fn first(self) -> &'a str {
        let text = &self.full[..self.procs_at];
        &text[..text.find('/').unwrap_or(text.len())]
    }

    /// The digits of the trailing `-N`.
    pub fn procs(self) -> Option<&'a str> {
        self.full.get(self.procs_at + 1..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> Vec<&str> {
        let name = Name::new(name);
        std::iter::once(name.first()).chain(name.rest()).collect()
    }

    #[test]
    fn a_name_splits_at_slashes_and_at_the_number_of_processors() {
        assert_eq!(parts("Sort/n=10/text-8"), ["Sort", "/n=10", "/text", "-8"]);
        assert_eq!(parts("Sort-8"), ["Sort", "-8"]);
        assert_eq!(parts("Sort"), ["Sort"]);
        assert_eq!(parts(""), [""]);
        assert_eq!(parts("/a//b"), ["", "/a", "/", "/b"]);
    }

    #[test]
    fn only_digits_after_the_last_dash_are_a_number_of_processors() {
        assert_eq!(Name::new("a-b").procs(), None);
        assert_eq!(Name::new("a-").procs(), None);
        assert_eq!(Name::new("12").procs(), None);
        assert_eq!(Name::new("-12").procs(), Some("12"));
        assert_eq!(Name::new("a-8/b").procs(), None);
        assert_eq!(Name::new("é-3").procs(), Some("3"));
    }

    #[test]
    fn the_base_of_a_name_with_parts_keeps_its_dash() {
        assert_eq!(Name::new("a-8/b-4").base(), "a-8");
        assert_eq!(Name::new("a-8").base(), "a");
    }
}
