//! What a lint says of a node, before anyone has looked at what was measured.

use serde::{Deserialize, Serialize};

use crate::config::HOT;
use crate::model::finding::{Edit, Related, Suggestion, Types};
use crate::source::heat::{NameTest, Quantity};
use crate::source::tree::NodeId;

/// What a lint says of a node.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The node it speaks of.
    pub at: NodeId,
    /// Where its cost is looked for: the node itself, the loop that pays, the calls that grow.
    pub regions: Vec<NodeId>,
    /// Whether the shape is wrong without any measurement.
    pub shape: Shape,
    /// Which witness spoke for the types.
    pub types: Types,
    /// What in the profile would show the cost; any of them proves the claim.
    pub witnesses: Vec<Witness>,
    /// One sentence without a full stop.
    pub message: String,
    /// A label at the node.
    pub label: String,
    /// Further places.
    pub related: Vec<Related>,
    /// Sentences below the source.
    pub notes: Vec<String>,
    /// The rewrite; further entries are alternatives.
    pub suggestions: Vec<Suggestion>,
    /// Where only a measurement knows how much room is needed, how to ask for it.
    pub room: Option<Room>,
    /// Where the value it speaks of is made: one value, one finding.
    pub about: Option<NodeId>,
    /// Lints that say more of the same place.
    pub yields_to: &'static [&'static str],
    /// Whether it is a mistake of a bench, not of what is measured.
    pub of_bench: bool,
    /// Whether its cost is waiting that no sample shows: to be cold says nothing against it.
    pub leaves_no_samples: bool,
    /// What, seen at a place, shows that it does not hold.
    pub refuted_by: Option<(NodeId, Quantity)>,
}

/// How wrong a shape is by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Wrong without any measurement.
    Certain,
    /// Wrong only where it is hot.
    Suspect,
    /// Nothing to say unless the profile proves the cost.
    NeedsProof,
    /// A suspect where nothing was measured; where something was, only proof makes it speak: the
    /// shape is common, and mostly costs nothing.
    Possible,
}

/// Room for a collection that is made empty: how much, the growth below the claim tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Room {
    /// How it grows.
    pub growth: Growth,
    /// Replaces what makes the collection; [`Room::LENGTH`] stands for the number of elements.
    pub edit: Edit,
    /// What the rewrite may change.
    pub caveat: String,
}

/// How a collection grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Growth {
    /// One buffer that doubles, from room for this many elements on.
    Buffer(u64),
    /// A buffer of bytes, which grows to what is needed or by doubling.
    Bytes,
    /// A new hash table each time, of twice as many buckets.
    Table,
}

impl Room {
    /// What stands for the number in the text of the edit.
    pub const LENGTH: &str = "usual_length";

    /// How to ask for the room that a collection usually needs, where it is made.
    pub fn new(growth: Growth, edit: Edit) -> Room {
        Room { growth, edit, caveat: "the room is taken where less is needed too".to_owned() }
    }
}

/// What in the profile shows a cost.
#[derive(Clone, Copy, Debug)]
pub struct Witness {
    /// What is counted.
    pub quantity: Quantity,
    /// Only stacks in which the region itself calls such a function.
    pub through: Option<NameTest>,
    /// Only stacks in which such a function stands below the region; all of them if `None`.
    pub below: Option<NameTest>,
    /// Only stacks in which such a function stands above the region.
    pub above: Option<NameTest>,
    /// The least share of the bench's total that matters.
    pub least_share: f64,
    /// Whether the first allocation is none of the claim: it comes with any capacity.
    pub first_stays: bool,
}

impl Witness {
    /// CPU time in functions below the region.
    pub const fn cpu_in(below: NameTest) -> Self {
        Witness { below: Some(below), ..Witness::of(Quantity::Cpu, HOT) }
    }

    /// A quantity counted at the region itself.
    pub const fn of(quantity: Quantity, least_share: f64) -> Self {
        Witness {
            quantity,
            through: None,
            below: None,
            above: None,
            least_share,
            first_stays: false,
        }
    }

    /// Growing, counted: its part of all that the allocator is asked for. It is exact where the
    /// time is too little to be seen.
    pub const fn growths_in(below: NameTest) -> Self {
        Witness { below: Some(below), ..Witness::of(Quantity::Growths, HOT) }
    }

    /// Growing: what allocates once and then fits costs nothing that a capacity would save.
    pub const fn growth_in(below: NameTest) -> Self {
        Witness { first_stays: true, ..Witness::cpu_in(below) }
    }

    /// Only stacks that come through such a function.
    #[must_use]
    pub const fn above(mut self, above: NameTest) -> Self {
        self.above = Some(above);
        self
    }

    /// Only stacks in which the region itself calls such a function.
    #[must_use]
    pub const fn through(mut self, through: NameTest) -> Self {
        self.through = Some(through);
        self
    }
}

impl Claim {
    /// A claim about a node; the rest is filled in with the methods below.
    pub fn new(at: NodeId, message: impl Into<String>) -> Self {
        Claim {
            at,
            regions: vec![at],
            shape: Shape::Suspect,
            types: Types::Unknown,
            witnesses: Vec::new(),
            message: joined(&message.into()),
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            suggestions: Vec::new(),
            room: None,
            about: None,
            yields_to: &[],
            of_bench: false,
            leaves_no_samples: false,
            refuted_by: None,
        }
    }

    /// Where the cost is looked for.
    #[must_use]
    pub fn regions(mut self, regions: impl IntoIterator<Item = NodeId>) -> Self {
        self.regions = regions.into_iter().collect();
        self
    }

    /// How wrong the shape is by itself.
    #[must_use]
    pub fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    /// Which witness spoke for the types.
    #[must_use]
    pub fn types(mut self, types: Types) -> Self {
        self.types = types;
        self
    }

    /// One more witness.
    #[must_use]
    pub fn witness(mut self, witness: Witness) -> Self {
        self.witnesses.push(witness);
        self
    }

    /// The label at the node.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// One more sentence below the source.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// One more rewrite.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<Suggestion>) -> Self {
        self.suggestions.extend(suggestion);
        self
    }

    /// How to ask for the room that the profile shows.
    #[must_use]
    pub fn room(mut self, room: Option<Room>) -> Self {
        self.room = room;
        self
    }

    /// One more place.
    #[must_use]
    pub fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// Where the value that it speaks of is made.
    #[must_use]
    pub fn about(mut self, made: NodeId) -> Self {
        self.about = Some(made);
        self
    }

    /// The lints that say more of the same place.
    #[must_use]
    pub fn yields_to(mut self, lints: &'static [&'static str]) -> Self {
        self.yields_to = lints;
        self
    }

    /// Its cost is waiting that no sample shows.
    #[must_use]
    pub fn leaves_no_samples(mut self) -> Self {
        self.leaves_no_samples = true;
        self
    }

    /// It does not hold where the profile shows this at a place.
    #[must_use]
    pub fn refuted_by(mut self, at: NodeId, quantity: Quantity) -> Self {
        self.refuted_by = Some((at, quantity));
        self
    }

    /// It is a mistake of the bench.
    #[must_use]
    pub fn of_bench(mut self) -> Self {
        self.of_bench = true;
        self
    }
}

/// A message on one line: code in it may have been written on several.
fn joined(message: &str) -> String {
    let mut lines = message.lines();
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines.map(str::trim) {
        if !(line.starts_with(['.', ')', ']']) || text.ends_with(['(', '['])) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn code_of_several_lines_becomes_one() {
        assert_eq!(joined("`a\n    .b(\n        c,\n    )` is"), "`a.b(c,)` is");
        assert_eq!(joined("`a\n    + b` is"), "`a + b` is");
        assert_eq!(joined("as it was"), "as it was");
    }
}
