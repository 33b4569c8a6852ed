//! A search over documents: the list of results is one small part of the work.

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
    /// How often the word occurs.
    pub count: usize,
    /// The start of the text.
    pub preview: String,
}

/// The hits of a word over all documents, best first.
pub fn search(documents: &[Document], word: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    for document in documents {
        let count = document.text.matches(word).count();
        let preview = document.text.get(..40).unwrap_or(&document.text).to_owned();
        hits.push(Hit { heading: document.title.to_uppercase(), count, preview });
    }
    hits.sort_by(|a, b| b.count.cmp(&a.count));
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
        let headings: Vec<String> =
            search(&documents, "b").into_iter().map(|hit| hit.heading).collect();
        assert_eq!(headings, ["TWO", "ONE", "THREE"]);
        assert_eq!(search(&documents, "b")[0].count, 3);
        assert_eq!(search(&documents, "b")[2].preview, "c");
    }
}
