//! How to keep a pattern that was compiled once: ideas that a person writes down.

use syn::{Expr, ExprCall};

use super::patterns::Constructor;
use super::site::Site;
use crate::model::finding::Suggestion;

/// For a pattern that is a constant, or else one of which many turn up again.
pub fn by_hand(
    site: &Site<'_, '_>,
    call: &ExprCall,
    constructor: &Constructor,
    constant: bool,
) -> Suggestion {
    let sketch = if constant { kept(site, call, constructor) } else { KEEP_BY_TEXT.to_owned() };
    Suggestion::shown("compile the pattern once and keep it", sketch)
}

/// What a constant pattern is kept in.
fn kept(site: &Site<'_, '_>, call: &ExprCall, constructor: &Constructor) -> String {
    let mut args = call.args.iter();
    if let (1, Some(text), Some(format)) = (constructor.pattern, args.next(), args.next()) {
        return kept_format(site.source(text), site.source(format), constructor.path);
    }
    let owner = match &*call.func {
        Expr::Path(function) => function.path.segments.iter().rev().nth(1),
        _ => None,
    };
    let owner = owner.map(|segment| segment.ident.to_string());
    // What a builder makes, or a function beside no type, is of another name.
    let is_made =
        |name: &String| name.starts_with(char::is_uppercase) && !name.ends_with("Builder");
    let ty = owner.filter(is_made).unwrap_or_else(|| "…".to_owned());
    let made = if ty == "…" { "…" } else { site.text(site.node) };
    format!(
        "use std::sync::LazyLock;\n\n\
         static PATTERN: LazyLock<{ty}> = LazyLock::new(|| {made}.expect(\"a valid pattern\"));"
    )
}

/// What chrono does with a text and a format, of which the format is read once.
fn kept_format(text: &str, format: &str, path: &str) -> String {
    let end = match path.rsplit("::").nth(1) {
        Some("DateTime") => "to_datetime()",
        Some("NaiveDateTime") => "to_naive_datetime_with_offset(0)",
        Some("NaiveTime") => "to_naive_time()",
        _ => "to_naive_date()",
    };
    format!(
        "use chrono::format::{{Item, Parsed, StrftimeItems, parse}};\n\
         use std::sync::LazyLock;\n\n\
         static FORMAT: LazyLock<Vec<Item>> =\n    \
         LazyLock::new(|| StrftimeItems::new({format}).collect());\n\n\
         let mut parsed = Parsed::new();\n\
         parse(&mut parsed, {text}, FORMAT.iter()).and_then(|()| parsed.{end})"
    )
}

const KEEP_BY_TEXT: &str = "// Compile before the loop, or keep what was compiled by its text:
let pattern = match cache.get(text) {
    Some(pattern) => pattern,
    None => cache.entry(text.to_owned()).or_insert(Regex::new(text)?),
};";

#[cfg(test)]
mod tests {
    use super::kept_format;

    #[test]
    fn a_text_read_by_a_kept_format_becomes_what_it_was() {
        for (ty, end) in [
            ("DateTime", "to_datetime())"),
            ("NaiveDate", "to_naive_date())"),
            ("NaiveDateTime", "to_naive_datetime_with_offset(0))"),
            ("NaiveTime", "to_naive_time())"),
        ] {
            let idea = kept_format("text", "FORM", &format!("chrono::{ty}::parse_from_str"));
            assert!(idea.contains("StrftimeItems::new(FORM)"), "{idea}");
            assert!(idea.ends_with(&format!("parsed.{end}")), "{idea}");
        }
    }
}
