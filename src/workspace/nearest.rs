//! The name that somebody who mistyped probably meant.

/// The candidate nearest to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            // A third of the letters wrong is no typo any more.
            *distance * 3 <= name.chars().count().max(candidate.chars().count())
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_name_and_another_word_finds_none() {
        assert_eq!(nearest("prase", ["print", "parse"]), Some("parse"));
        assert_eq!(nearest("encode", ["print", "parse"]), None);
        assert_eq!(nearest("x", []), None);
    }
}
