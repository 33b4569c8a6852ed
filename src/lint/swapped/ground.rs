//! The file that a swap is made in.

use std::ops::Range;

use crate::lint::site::Site;
use crate::model::finding::{Edit, Span};
use crate::source::names::Names;
use crate::source::{SourceFile, Syntax, Tree};

/// A file, as far as a swap has to see it.
pub(super) struct Ground<'s, 'a> {
    pub file: &'s SourceFile,
    pub tree: &'s Tree<'a>,
    pub names: &'s Names,
}

impl Ground<'_, '_> {
    /// Looks at the file of a site, with its tests if they hold a word. What the lints see is
    /// without them.
    pub fn with_tests<T>(
        site: &Site<'_, '_>,
        word: &str,
        look: impl FnOnce(&Ground<'_, '_>) -> Option<T>,
    ) -> Option<T> {
        let file = site.file;
        let tests = file.text.find("#[cfg(test)]").map_or("", |at| &file.text[at..]);
        if !tests.contains(word) {
            return look(&Ground { file, tree: site.tree, names: site.names });
        }
        let syntax = Syntax::parse(&file.text).ok()?;
        let tree = Tree::new(&syntax);
        let names = Names::new(&tree);
        look(&Ground { file, tree: &tree, names: &names })
    }

    pub fn text(&self, bytes: Range<usize>) -> &str {
        self.file.text.get(bytes).unwrap_or_default()
    }

    pub fn replace(&self, bytes: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { span: Span { file: self.file.path.clone(), bytes }, text: text.into() }
    }
}
