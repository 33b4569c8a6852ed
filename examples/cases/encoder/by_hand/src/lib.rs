//! An encoder of log records, with a scratch buffer that lives as long as the encoder.

/// Writes records to a log.
#[derive(Debug, Default)]
pub struct Encoder {
    log: Vec<u8>,
    /// The body of the record at hand; kept for its capacity.
    body: Vec<u8>,
}

impl Encoder {
    /// Appends a record: the length of its body, then the body with `;` and `\\` escaped.
    pub fn record(&mut self, fields: &[&str]) {
        let body = &mut self.body;
        body.clear();
        for field in fields {
            for byte in field.bytes() {
                if byte == b';' || byte == b'\\' {
                    body.push(b'\\');
                }
                body.push(byte);
            }
            body.push(b';');
        }
        self.log.extend_from_slice(&(body.len() as u16).to_be_bytes());
        self.log.extend_from_slice(body);
    }

    /// What was written so far.
    pub fn log(&self) -> &[u8] {
        &self.log
    }

    /// Forgets what was written.
    pub fn clear(&mut self) {
        self.log.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_escaped_and_carry_their_length() {
        let mut encoder = Encoder::default();
        encoder.record(&["a;b", "c"]);
        encoder.record(&[]);
        assert_eq!(encoder.log(), b"\x00\x07a\\;b;c;\x00\x00");
        encoder.clear();
        assert_eq!(encoder.log(), b"");
    }
}
