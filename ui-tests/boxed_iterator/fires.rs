pub struct Node {
    value: u32,
    children: Vec<Node>,
}

impl Node {
    pub fn children(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        Box::new(self.children.iter().filter(|child| child.value > 0))
    }

    pub fn values(&self, back: bool) -> Box<dyn DoubleEndedIterator<Item = u32> + '_> {
        let values = self.children.iter().map(|child| child.value);
        if back {
            return Box::new(values.rev());
        }
        Box::new(values)
    }
}

pub fn sum(numbers: &[u32], back: bool) -> u32 {
    let walked: Box<dyn Iterator<Item = &u32>> =
        if back { Box::new(numbers.iter().rev()) } else { Box::new(numbers.iter()) };
    walked.sum()
}

pub fn run() -> String {
    let leaf = |value| Node { value, children: Vec::new() };
    let node = Node { value: 0, children: vec![leaf(1), leaf(0)] };
    let values: Vec<u32> = node.values(true).collect();
    format!("{} {values:?} {}", node.children().count(), sum(&[1, 2], false))
}
