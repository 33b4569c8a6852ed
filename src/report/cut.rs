//! Lines of megabytes, as generated code has them: what lies far from a rewrite is left out.

use std::ops::Range;

use super::place::floor;

/// Lines up to this are shown whole.
const LONGEST: usize = 1000;

/// What is shown of a longer one before and behind both ends of a place.
const AROUND: usize = 60;

/// Stands where something is left out.
const GAP: &str = " … ";

/// The lines around some places without what lies far from them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// What is left.
    pub text: String,
    /// The number of its first line.
    pub line: usize,
    /// The places in it, in the order they were given.
    pub places: Vec<Range<usize>>,
}

/// Cuts the lines around places, which lie within the text and on borders of characters, if one of
/// them is too long to be shown. Lines are never joined: their numbers stay true.
pub fn cut(text: &str, places: &[Range<usize>]) -> Option<Cut> {
    let first = places.iter().map(|place| place.start).min()?;
    let last = places.iter().map(|place| place.end).max()?;
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    if text[start..end].split('\n').all(|line| line.len() <= LONGEST) {
        return None;
    }
    let mut ends: Vec<usize> = places.iter().flat_map(|place| [place.start, place.end]).collect();
    ends.sort_unstable();
    let mut kept = Vec::new();
    let mut line_start = start;
    for line in text[start..end].split('\n') {
        let line_end = line_start + line.len();
        if line.len() <= LONGEST {
            kept.push(line_start..line_end);
        } else {
            let near = ends.iter().filter(|&&at| (line_start..=line_end).contains(&at));
            kept.extend(near.map(|&at| {
                let from = floor(text, at.saturating_sub(AROUND)).max(line_start);
                from..floor(text, at + AROUND).min(line_end)
            }));
        }
        kept.push(line_end..(line_end + 1).min(end));
        line_start = line_end + 1;
    }
    let mut cut = Cut { line: text[..start].matches('\n').count() + 1, ..Cut::default() };
    // Where what is kept began, and where it stands now.
    let mut moved = Vec::new();
    let mut done = start;
    for piece in kept {
        if piece.start > done {
            cut.text.push_str(GAP);
        }
        let from = piece.start.max(done);
        moved.push((from, cut.text.len()));
        cut.text.push_str(&text[from..piece.end.max(from)]);
        done = piece.end.max(from);
    }
    let now = |at: usize| {
        let before = moved.partition_point(|&(from, _)| from <= at);
        before.checked_sub(1).map_or(0, |index| moved[index].1 + at - moved[index].0)
    };
    cut.places = places.iter().map(|place| now(place.start)..now(place.end)).collect();
    Some(cut)
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn short_lines_stay_whole() {
        assert_eq!(cut("a\nbc\n", from_ref(&(2..3))), None);
        let far = format!("{}\nhere\n", "x".repeat(5000));
        assert_eq!(cut(&far, from_ref(&(5001..5005))), None);
    }

    #[test]
    fn what_lies_far_from_the_places_is_left_out() {
        let far = "é".repeat(3000);
        let text = format!("first\n{far}one{far}two{far}\nlast");
        let place = |word: &str| text.find(word).map(|at| at..at + word.len()).unwrap();
        let cut = cut(&text, &[place("two"), place("one")]).unwrap();
        let words: Vec<&str> = cut.places.iter().map(|place| &cut.text[place.clone()]).collect();
        assert_eq!(words, ["two", "one"]);
        assert_eq!(cut.line, 2);
        let near = "é".repeat(30);
        assert_eq!(cut.text, format!(" … {near}one{near} … {near}two{near} … "));
    }

    #[test]
    fn lines_within_a_place_stay_lines() {
        let far = "x".repeat(2000);
        let text = format!("a(\n{far}\nb{far}c)\n");
        let end = text.len() - 1;
        let cut = cut(&text, from_ref(&(0..end))).unwrap();
        let near = "x".repeat(AROUND - 2);
        assert_eq!(cut.text, format!("a(\n … \n … {near}c)"));
        assert_eq!(cut.places[0], 0..cut.text.len());
    }
}
