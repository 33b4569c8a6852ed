pub fn first(block: &[u8; 2048]) -> u8 {
    let block = *block;
    let mut sum = 0_u8;
    for byte in block {
        sum = sum.wrapping_add(byte);
    }
    sum
}

pub fn run() -> String {
    first(&[1; 2048]).to_string()
}
