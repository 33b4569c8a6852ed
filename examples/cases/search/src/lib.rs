//! A search over documents: the list of results is one small part of the work.

use std::sync::Arc;

/// A document of the store.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// What is shown of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The title, in capitals.
    pub heading: String,
    /// Where the whole of it is.
    pub link: String,
    /// The start of the text.
    pub preview: String,
    /// Where the word stands.
    pub places: Vec<usize>,
}

/// The hits of a word over all documents, best first, to be shared with the cache of pages.
pub fn search(documents: &[Document], word: &str) -> Vec<Arc<Hit>> {
    let mut hits = Vec::new();
    for document in documents {
        hits.push(Arc::new(Hit {
            heading: document.title.to_uppercase(),
            link: ["/documents/", &document.title].concat(),
            preview: document.text.get(..40).unwrap_or(&document.text).to_owned(),
            places: document.text.match_indices(word).map(|(at, _)| at).collect(),
        }));
    }
    hits.sort_by(|a, b| b.places.len().cmp(&a.places.len()));
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_ordered_by_how_often_the_word_occurs() {
        let document =
            |title: &str, text: &str| Document { title: title.into(), text: text.into() };
        let documents = [document("one", "a b"), document("two", "b b b"), document("three", "c")];
        let hits = search(&documents, "b");
        let headings: Vec<&str> = hits.iter().map(|hit| &*hit.heading).collect();
        assert_eq!(headings, ["TWO", "ONE", "THREE"]);
        assert_eq!(hits[0].places, [0, 2, 4]);
        assert_eq!(hits[1].link, "/documents/one");
        assert_eq!(hits[2].preview, "c");
    }
}
