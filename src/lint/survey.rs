//! What is to be known of all files before any is checked.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::test_code;
use crate::source::infer::{Declared, declared, module_path};
use crate::source::skeleton::skeleton;
use crate::source::{SourceFile, Syntax};

/// What a file says of itself and of others.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Surveyed {
    #[serde(with = "shared")]
    pub declared: Arc<Declared>,
    /// Modules that it declares for tests only, as files and folders.
    pub tests: Vec<PathBuf>,
}

/// Nothing where a file does not parse, which is said when it is checked.
pub(super) fn survey(file: &SourceFile) -> Surveyed {
    // Whatever cutting the bodies out does to odd code: the whole text has the last word.
    let parsed = Syntax::parse(&skeleton(&file.text)).or_else(|_| Syntax::parse(&file.text));
    let Ok(syntax) = parsed else { return Surveyed::default() };
    Surveyed {
        declared: Arc::new(declared(syntax.file(), &module_path(file))),
        tests: test_code::modules(&file.path, syntax.file()),
    }
}

/// What is shared is written as what it is.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::source::infer::Declared;

    pub(super) fn serialize<S: Serializer>(
        declared: &Arc<Declared>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        declared.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Arc<Declared>, D::Error> {
        Declared::deserialize(from).map(Arc::new)
    }
}
