pub struct Small {
    pub key: [u8; 32],
    pub words: Vec<[u8; 4096]>,
}

/// Small.
pub fn key(small: &Small) -> u8 {
    let key = small.key;
    key[0]
}

/// A copy that is changed.
pub fn changed(block: &[u8; 4096]) -> u32 {
    let mut block = *block;
    block[0] = 1;
    block.iter().map(|&byte| u32::from(byte)).sum()
}

/// Borrowed.
pub fn borrowed(block: &[u8; 4096]) -> u32 {
    let part = &block[..16];
    part.iter().map(|&byte| u32::from(byte)).sum()
}

/// Given away: moved into a vector.
pub fn kept(all: &mut Vec<[u8; 4096]>, block: [u8; 4096]) {
    all.push(block);
}

/// A pointer.
pub fn shared(block: &std::rc::Rc<[u8; 4096]>) -> std::rc::Rc<[u8; 4096]> {
    block.clone()
}

/// A copy of what was there before it is changed.
pub fn replaced(block: &mut [u8; 4096], byte: u8) -> [u8; 4096] {
    let before = *block;
    block[0] = byte;
    before
}

pub fn run() -> String {
    let mut small = Small { key: [3; 32], words: Vec::new() };
    kept(&mut small.words, [1; 4096]);
    let block = std::rc::Rc::new([2; 4096]);
    format!("{} {} {} {}", key(&small), changed(&block), borrowed(&block), shared(&block)[0])
}
