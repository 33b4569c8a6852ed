//! Lines of a file, counted while they are read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Counts the lines of a file and their longest, in bytes.
pub fn lines(path: &Path) -> io::Result<(usize, usize)> {
    let file = File::open(path)?;
    let (mut lines, mut longest, mut length) = (0, 0, 0);
    for byte in file.bytes() {
        if byte? == b'\n' {
            lines += 1;
            longest = longest.max(length);
            length = 0;
        } else {
            length += 1;
        }
    }
    Ok((lines, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_the_longest_are_counted() {
        let path = std::env::temp_dir().join(format!("lines-{}", std::process::id()));
        std::fs::write(&path, "one\nthree\n\n").unwrap();
        assert_eq!(lines(&path).unwrap(), (3, 5));
        std::fs::remove_file(&path).unwrap();
        assert!(lines(&path).is_err());
    }
}
