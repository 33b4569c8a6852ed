//! Messages framed for a connection: length, checksum, payload.

/// Appends the frames of all messages to what is sent.
pub fn frame_all(messages: &[&[u8]], wire: &mut Vec<u8>) {
    for message in messages {
        let mut frame = Vec::new();
        frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
        frame.push(checksum(message));
        frame.extend_from_slice(message);
        wire.extend_from_slice(&frame);
    }
}

fn checksum(message: &[u8]) -> u8 {
    message.iter().fold(0, |sum, byte| sum ^ byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_frame_has_length_checksum_and_payload() {
        let mut wire = vec![9];
        frame_all(&[b"ab", b""], &mut wire);
        assert_eq!(wire, [9, 0, 0, 0, 2, b'a' ^ b'b', b'a', b'b', 0, 0, 0, 0, 0]);
    }
}
