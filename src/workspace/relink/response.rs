//! The arguments of a linker in a file: one per line, spaces and backslashes escaped.

/// As rustc writes them, and as gcc and clang read them.
pub(super) fn write(args: &[String]) -> String {
    let mut text = String::new();
    for arg in args {
        for c in arg.chars() {
            if matches!(c, '\\' | ' ' | '"' | '\'') {
                text.push('\\');
            }
            text.push(c);
        }
        text.push('\n');
    }
    text
}

/// The arguments in such a file.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut args = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let mut arg = String::new();
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => arg.extend(chars.next()),
                _ => arg.push(c),
            }
        }
        args.push(arg);
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let args = ["-o", "/a b/c", r"back\slash", "it's", "\"x\"", "-Wl,--z=µ"].map(str::to_owned);
        assert_eq!(read(&write(&args)), args);
        assert_eq!(write(&args[1..2]), "/a\\ b/c\n");
    }
}
