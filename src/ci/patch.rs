//! Which lines of the new file a patch shows: only there may a comment at a line stand.

/// Lines of the new file in the hunks of a patch, context lines included.
pub(super) fn lines(patch: &str) -> Vec<u64> {
    walk(patch).map(|(line, _)| line).collect()
}

/// Lines of the new file that a patch adds.
pub(super) fn added(patch: &str) -> Vec<u64> {
    walk(patch).filter(|&(_, added)| added).map(|(line, _)| line).collect()
}

/// Each line of the new file, and whether it is added.
fn walk(patch: &str) -> impl Iterator<Item = (u64, bool)> {
    let mut at = 0_u64;
    patch.lines().filter_map(move |line| match line.as_bytes().first() {
        Some(b'@') => {
            at = line
                .split_once('+')
                .map(|(_, new)| new.split([',', ' ']).next().unwrap_or_default())
                .and_then(|first| first.parse().ok())
                .unwrap_or(0);
            None
        }
        Some(b'-' | b'\\') => None,
        first if at > 0 => {
            at = at.saturating_add(1);
            Some((at - 1, first == Some(&b'+')))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{added, lines};

    #[test]
    fn only_lines_of_the_new_file_count() {
        let patch =
            "@@ -1,3 +1,3 @@ fn a() {\n a\n-b\n+c\n d\n@@ -9 +9,2 @@\n x\n+y\n\\ No newline";
        assert_eq!(lines(patch), [1, 2, 3, 9, 10]);
        assert_eq!(added(patch), [2, 10]);
        assert!(lines("garbage\n@@ -a +b @@\n+x").is_empty());
    }
}
