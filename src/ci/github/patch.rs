//! Which lines of the new file a patch shows: only there may a review comment stand.

/// Lines of the new file in the hunks of a patch, context lines included.
pub(super) fn lines(patch: &str) -> Vec<u64> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in patch.lines() {
        match line.as_bytes().first() {
            Some(b'@') => {
                at = line
                    .split_once('+')
                    .map(|(_, new)| new.split([',', ' ']).next().unwrap_or_default())
                    .and_then(|first| first.parse().ok())
                    .unwrap_or(0);
            }
            Some(b'-' | b'\\') => {}
            _ if at > 0 => {
                lines.push(at);
                at += 1;
            }
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn only_lines_of_the_new_file_count() {
        let patch =
            "@@ -1,3 +1,3 @@ fn a() {\n a\n-b\n+c\n d\n@@ -9 +9,2 @@\n x\n+y\n\\ No newline";
        assert_eq!(lines(patch), [1, 2, 3, 9, 10]);
        assert!(lines("garbage\n@@ -a +b @@\n+x").is_empty());
    }
}
