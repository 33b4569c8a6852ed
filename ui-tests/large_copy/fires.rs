pub struct Table {
    pub weights: [u32; 1024],
    pub name: String,
}

impl Table {
    pub fn sum(&self, numbers: &[usize]) -> u32 {
        let weights = self.weights;
        numbers.iter().map(|&at| weights[at]).sum()
    }
}

pub fn first(block: &[u8; 4096]) -> u8 {
    let block = *block;
    block[0]
}

pub fn checksum(block: [u8; 4096]) -> u32 {
    block.iter().map(|&byte| u32::from(byte)).sum()
}

pub fn twice(block: &[u8; 4096]) -> u32 {
    let copy = block.clone();
    checksum(copy) + checksum(*block)
}

pub fn ordered(blocks: &mut Vec<[u8; 512]>) {
    blocks.sort_unstable();
}

pub fn run() -> String {
    let table = Table { weights: [1; 1024], name: String::new() };
    let block = [1; 4096];
    let mut blocks = vec![[2; 512], [1; 512]];
    ordered(&mut blocks);
    format!("{} {} {} {}", table.sum(&[1, 2]), first(&block), twice(&block), blocks[0][0])
}
