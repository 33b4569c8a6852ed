//! What a view is asked to show: pprof's variables, with its defaults.

use super::prepare::Filters;

/// What a line of a view stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granularity {
    /// An instruction.
    Addresses,
    /// A line of source.
    Lines,
    /// A file.
    Files,
    /// A function of a file.
    FileFunctions,
    /// A function.
    #[default]
    Functions,
}

/// What a view is asked to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The sample type, by name or number; empty for the profile's own choice.
    pub sample_index: String,
    /// Divide values by the first sample type's.
    pub mean: bool,
    /// Sort by what a node and its callees cost, not by its own cost.
    pub cum: bool,
    /// How many nodes at most; `None` for the view's own choice, 0 for all.
    pub nodecount: Option<usize>,
    /// Hide nodes below this share of the total.
    pub nodefraction: f64,
    /// Hide edges below this share of the total.
    pub edgefraction: f64,
    /// Apply the three limits above.
    pub trim: bool,
    /// What a line stands for.
    pub granularity: Granularity,
    /// Charge inlined functions to their callers.
    pub noinlines: bool,
    /// Leave out nodes that shrank.
    pub drop_negative: bool,
    /// In graphs, a node per way it was called.
    pub call_tree: bool,
    /// Percentages are of what the filters leave.
    pub relative_percentages: bool,
    /// Leave the profile's own lines out of the header.
    pub compact_labels: bool,
    /// The unit of the numbers, `minimum` or `auto` choosing one.
    pub unit: String,
    /// Divide all values by this.
    pub divide_by: f64,
    /// Prefixes to take off source paths, separated by colons.
    pub trim_path: String,
    /// Directories that hold the sources, separated by colons.
    pub source_path: String,
    /// Labels shown as callers.
    pub tagroot: String,
    /// Labels shown as callees.
    pub tagleaf: String,
    /// Which samples and frames are shown.
    pub filters: Filters,
    /// Only these benches.
    pub benches: Vec<String>,
    /// Charge frames of the standard library, the runtime and the system to their callers.
    pub fold: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            sample_index: String::new(),
            mean: false,
            cum: false,
            nodecount: None,
            nodefraction: 0.005,
            edgefraction: 0.001,
            trim: true,
            granularity: Granularity::Functions,
            noinlines: false,
            drop_negative: false,
            call_tree: false,
            relative_percentages: false,
            compact_labels: false,
            unit: "minimum".to_owned(),
            divide_by: 1.0,
            trim_path: String::new(),
            source_path: String::new(),
            tagroot: String::new(),
            tagleaf: String::new(),
            filters: Filters::default(),
            benches: Vec::new(),
            fold: false,
        }
    }
}

/// Which view is made: some override settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The costliest nodes.
    Top,
    /// Annotated source.
    List,
    /// Callers and callees of matching nodes.
    Peek,
    /// Callers and callees of each node.
    Tree,
    /// Every stack.
    Traces,
    /// Labels.
    Tags,
    /// The profile as text.
    Raw,
    /// Graphviz.
    Dot,
    /// Callgrind.
    Callgrind,
    /// A flame graph.
    Flame,
    /// The report.
    Page,
}

impl Settings {
    /// With what the view insists on.
    pub(super) fn for_view(mut self, view: View) -> Self {
        // Drawings tell such frames by their colour, and other programs are given all there is.
        self.fold &=
            matches!(view, View::Top | View::List | View::Peek | View::Tree | View::Traces);
        match view {
            View::Peek => self.trim = false,
            View::List => {
                self.trim = false;
                self.granularity = Granularity::Lines;
            }
            View::Raw | View::Callgrind | View::Page => {
                self.trim = false;
                self.granularity = Granularity::Addresses;
                self.noinlines = false;
            }
            View::Top | View::Tree | View::Traces | View::Tags | View::Dot | View::Flame => {}
        }
        let default = if view == View::Top { 0 } else { 80 };
        self.nodecount.get_or_insert(default);
        if !self.trim {
            self.nodecount = Some(0);
            self.nodefraction = 0.0;
            self.edgefraction = 0.0;
        }
        self
    }

    /// Nodes at most; 0 for all.
    pub(super) fn node_limit(&self) -> usize {
        self.nodecount.unwrap_or(0)
    }
}
