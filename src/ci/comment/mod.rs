//! The one comment of a pull request: found by marker and author, updated in place.

pub mod body;
pub mod bundle;
pub mod collect;
pub mod compared;
pub mod review;

use super::forge::{Comment, Error, Forge};

/// A comment to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its Markdown, without the marker.
    pub text: String,
    /// Whether it says enough to begin a comment; one that stands is updated in any case.
    pub worth_saying: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing to say, and no comment stands.
    Silent,
    /// Written.
    Created,
    /// Replaced.
    Updated,
    /// It stood there already, word for word.
    Unchanged,
}

/// What makes a comment ours, invisible to readers. Several ids may comment on one pull request.
pub fn marker(id: &str) -> String {
    // Nothing that could end the HTML comment gets into it.
    let id: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._/".contains(c) { c } else { '_' })
        .collect();
    format!("<!-- cargo-perf comment {id} -->")
}

/// Creates, updates or leaves the comment; what an earlier run wrote twice is removed.
pub fn upsert(forge: &dyn Forge, number: u64, id: &str, body: &Body) -> Result<Outcome, Error> {
    let author = forge.author()?;
    let text = format!("{}\n{}", marker(id), body.text);
    for last in [false, true] {
        let mut ours = ours(forge, number, id, &author)?.into_iter();
        let Some(first) = ours.next() else {
            if !body.worth_saying {
                return Ok(Outcome::Silent);
            }
            match forge.create(number, &text) {
                // It may have been written all the same, so look before writing it again.
                Err(Error::Unclear { .. }) if !last => continue,
                result => return result.map(|_| Outcome::Created),
            }
        };
        for double in ours {
            match forge.delete(number, double.id) {
                Ok(()) | Err(Error::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if first.body == text {
            return Ok(Outcome::Unchanged);
        }
        match forge.update(number, first.id, &text) {
            // Somebody deleted it meanwhile, or the answer was lost.
            Err(Error::Missing { .. } | Error::Unclear { .. }) if !last => continue,
            result => return result.map(|()| Outcome::Updated),
        }
    }
    Ok(Outcome::Unchanged)
}

/// Marker *and* author: a marker alone can be pasted by anybody.
fn ours(forge: &dyn Forge, number: u64, id: &str, author: &str) -> Result<Vec<Comment>, Error> {
    let marker = marker(id);
    let mut comments = forge.comments(number)?;
    comments.retain(|comment| {
        comment.author.eq_ignore_ascii_case(author)
            && comment.body.lines().next().map(str::trim_end) == Some(&marker)
    });
    comments.sort_by_key(|comment| comment.id);
    Ok(comments)
}
