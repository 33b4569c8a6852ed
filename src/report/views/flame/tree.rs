//! The tree of all stacks: a node per way a frame was reached.

use rustc_hash::FxHashMap;

use crate::report::views::graph::Frames;
use crate::report::views::prepare::is_base;
use crate::report::views::prepared::Prepared;

/// A frame with the stacks that reach it the same way.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Place of its name in [`Tree::names`].
    pub name: u32,
    pub depth: u32,
    /// Cost of the stacks through it.
    pub total: i64,
    /// Cost of those that end in it.
    pub own: i64,
    /// What the stacks through it cost in the profile compared with.
    pub before: i64,
    pub children: Vec<u32>,
    /// Inlined into its caller.
    pub inlined: bool,
}

/// All stacks. Node 0 is the root, which stands for the whole.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub nodes: Vec<Node>,
    pub names: Vec<String>,
    /// Whether two profiles are compared.
    pub differential: bool,
}

/// Frames further from the root are not drawn.
const MAX_DEPTH: usize = 2048;

impl Tree {
    /// The tree of a profile; negative costs belong to the profile compared with.
    pub(crate) fn of(prepared: &Prepared) -> Self {
        let frames = Frames::of(&prepared.profile, false);
        let root = Node {
            name: u32::MAX,
            depth: 0,
            total: 0,
            own: 0,
            before: 0,
            children: Vec::new(),
            inlined: false,
        };
        let mut nodes = vec![root];
        let mut places: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        let mut differential = false;
        // The path of the stack before: neighbours in a profile often share much of it.
        let mut path: Vec<(u32, u32)> = Vec::new();
        for sample in &prepared.profile.samples {
            let (value, divisor) = prepared.value(sample);
            let value = if divisor == 0 { value } else { value.wrapping_div(divisor) };
            if value == 0 {
                continue;
            }
            let is_before = is_base(sample);
            differential |= is_before;
            let add = |node: &mut Node| {
                if is_before {
                    node.before = node.before.wrapping_sub(value);
                } else {
                    node.total = node.total.wrapping_add(value);
                }
            };
            add(&mut nodes[0]);
            let (mut at, mut depth, mut follows) = (0u32, 0usize, true);
            'stack: for &location in sample.stack.iter().rev() {
                let of_location = frames.of_location(location);
                for (line, &frame) in of_location.iter().enumerate().rev() {
                    if depth == MAX_DEPTH {
                        break 'stack;
                    }
                    follows &= path.get(depth).is_some_and(|&(known, _)| known == frame);
                    at = if follows {
                        path[depth].1
                    } else {
                        let place = *places.entry((at, frame)).or_insert_with(|| {
                            let place = nodes.len() as u32;
                            nodes[at as usize].children.push(place);
                            nodes.push(Node {
                                name: frame,
                                depth: depth as u32 + 1,
                                inlined: line + 1 != of_location.len(),
                                total: 0,
                                own: 0,
                                before: 0,
                                children: Vec::new(),
                            });
                            place
                        });
                        path.truncate(depth);
                        path.push((frame, place));
                        place
                    };
                    add(&mut nodes[at as usize]);
                    depth += 1;
                }
            }
            if !is_before {
                let leaf = &mut nodes[at as usize];
                leaf.own = leaf.own.wrapping_add(value);
            }
        }
        let mut tree = Tree { nodes, names: frames.printable, differential };
        tree.sort();
        tree
    }

    /// Siblings by name, so that the same code stands in the same place in every graph.
    fn sort(&mut self) {
        let mut ranks: Vec<u32> = (0..self.names.len() as u32).collect();
        ranks.sort_unstable_by(|&a, &b| self.names[a as usize].cmp(&self.names[b as usize]));
        let mut rank = vec![0u32; ranks.len()];
        for (place, at) in ranks.into_iter().enumerate() {
            rank[at as usize] = place as u32;
        }
        let names: Vec<u32> = self.nodes.iter().map(|node| node.name).collect();
        for node in &mut self.nodes {
            node.children.sort_unstable_by_key(|&child| rank[names[child as usize] as usize]);
        }
    }

    /// A node's name.
    pub(crate) fn name(&self, node: &Node) -> &str {
        self.names.get(node.name as usize).map_or("all", String::as_str)
    }

    pub(crate) fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }
}
