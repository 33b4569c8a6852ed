//! The options that every view of a profile takes: pprof's, with two dashes.

use std::path::PathBuf;

use crate::cli::{Context, profile_source};
use crate::exit::Failure;
use crate::model::profile::Profile;
use crate::report::views::prepare::Filters;
use crate::report::views::{Base, Granularity, Settings, ViewError};

/// Options of every view.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ViewArgs {
    /// The profile: `latest`, a file or a URL (may be given more than once: they are merged)
    #[arg(long, value_name = "PROFILE", help_heading = "Profile")]
    pub from: Vec<String>,
    /// Subtract this profile
    #[arg(long, value_name = "PROFILE", conflicts_with = "diff_base", help_heading = "Profile")]
    pub base: Vec<String>,
    /// Subtract this profile, with percentages of it
    #[arg(long, alias = "diff_base", value_name = "PROFILE", help_heading = "Profile")]
    pub diff_base: Vec<String>,
    /// Scale the profile to the total of the one it is compared with
    #[arg(long, help_heading = "Profile")]
    pub normalize: bool,
    /// The sample type to show, by name or number
    #[arg(long, alias = "sample_index", value_name = "NAME", help_heading = "Profile")]
    pub sample_index: Option<String>,
    /// Divide values by the first sample type's
    #[arg(long, help_heading = "Profile")]
    pub mean: bool,

    /// Only samples through a frame that matches
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub focus: Option<String>,
    /// No samples through a frame that matches
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub ignore: Option<String>,
    /// Leave out frames that match
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub hide: Option<String>,
    /// Only frames that match
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub show: Option<String>,
    /// Leave out callers of the outermost frame that matches
    #[arg(long, alias = "show_from", value_name = "RE", help_heading = "Filters")]
    pub show_from: Option<String>,
    /// Leave out callees of the innermost frame that matches
    #[arg(long, alias = "prune_from", value_name = "RE", help_heading = "Filters")]
    pub prune_from: Option<String>,
    /// Only samples with a label that matches: `RE`, `KEY=RE`, or a range such as `4kb:1mb`
    #[arg(long, value_name = "FILTER", help_heading = "Filters")]
    pub tagfocus: Option<String>,
    /// No samples with a label that matches
    #[arg(long, value_name = "FILTER", help_heading = "Filters")]
    pub tagignore: Option<String>,
    /// Only labels whose key matches
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub tagshow: Option<String>,
    /// No labels whose key matches
    #[arg(long, value_name = "RE", help_heading = "Filters")]
    pub taghide: Option<String>,
    /// Show these labels as callers (keys, separated by commas)
    #[arg(long, value_name = "KEYS", help_heading = "Filters")]
    pub tagroot: Option<String>,
    /// Show these labels as callees (keys, separated by commas)
    #[arg(long, value_name = "KEYS", help_heading = "Filters")]
    pub tagleaf: Option<String>,

    /// Sort by the cost with callees
    #[arg(long, conflicts_with = "flat", help_heading = "View")]
    pub cum: bool,
    /// Sort by the own cost (the default)
    #[arg(long, help_heading = "View")]
    pub flat: bool,
    /// Show at most this many nodes; 0 for all
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "View")]
    pub nodecount: Option<i64>,
    /// Hide nodes below this share of the total [default: 0.005]
    #[arg(long, value_name = "F", help_heading = "View")]
    pub nodefraction: Option<f64>,
    /// Hide edges below this share of the total [default: 0.001]
    #[arg(long, value_name = "F", help_heading = "View")]
    pub edgefraction: Option<f64>,
    /// Whether these limits apply
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        help_heading = "View"
    )]
    pub trim: Option<bool>,
    /// What a row stands for [default: function]
    #[arg(long, value_enum, value_name = "G", group = "granular", help_heading = "View")]
    pub granularity: Option<GranularityArg>,
    /// The same as --granularity=function
    #[arg(long, group = "granular", help_heading = "View")]
    pub functions: bool,
    /// The same as --granularity=filefunction
    #[arg(long, group = "granular", help_heading = "View")]
    pub filefunctions: bool,
    /// The same as --granularity=file
    #[arg(long, group = "granular", help_heading = "View")]
    pub files: bool,
    /// The same as --granularity=line
    #[arg(long, group = "granular", help_heading = "View")]
    pub lines: bool,
    /// The same as --granularity=address
    #[arg(long, group = "granular", help_heading = "View")]
    pub addresses: bool,
    /// Exactly as pprof shows it: std and the system are not folded into their callers, nothing
    /// stands beside the source [default: true for a profile named with --from]
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        help_heading = "View"
    )]
    pub plain: Option<bool>,
    /// Charge inlined functions to their callers
    #[arg(long, help_heading = "View")]
    pub noinlines: bool,
    /// Leave out nodes whose cost is negative
    #[arg(long, alias = "drop_negative", help_heading = "View")]
    pub drop_negative: bool,
    /// Percentages are of what the filters leave
    #[arg(long, alias = "relative_percentages", help_heading = "View")]
    pub relative_percentages: bool,
    /// Leave the profile's own lines out of the header
    #[arg(long, alias = "compact_labels", help_heading = "View")]
    pub compact_labels: bool,
    /// The unit of the numbers, such as `ms` or `kB`
    #[arg(long, value_name = "UNIT", help_heading = "View")]
    pub unit: Option<String>,
    /// Divide all values by this
    #[arg(long, alias = "divide_by", value_name = "F", help_heading = "View")]
    pub divide_by: Option<f64>,
    /// Prefixes to take off source paths, separated by colons
    #[arg(long, alias = "trim_path", value_name = "PATHS", help_heading = "View")]
    pub trim_path: Option<String>,
    /// Directories that sources may be read from besides the workspace, separated by colons
    #[arg(long, alias = "source_path", value_name = "PATHS", help_heading = "View")]
    pub source_path: Option<String>,
    /// Write to this file instead of standard output
    #[arg(short, long, alias = "out", value_name = "FILE", help_heading = "View")]
    pub output: Option<PathBuf>,
}

/// `--granularity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum GranularityArg {
    /// A function
    #[value(alias = "functions")]
    Function,
    /// A function of a file
    #[value(alias = "filefunctions")]
    Filefunction,
    /// A line of source
    #[value(alias = "lines")]
    Line,
    /// A file
    #[value(alias = "files")]
    File,
    /// An instruction
    #[value(alias = "addresses")]
    Address,
}

impl ViewArgs {
    /// The profiles to show, and what to compare them with.
    pub(super) fn read(
        &self,
        context: &mut Context<'_>,
    ) -> Result<(Vec<Profile>, Option<Base>), Failure> {
        let read_all = |names: &[String]| {
            names.iter().map(|name| profile_source::read(name, context)).collect::<Result<_, _>>()
        };
        let latest = ["latest".to_owned()];
        let sources = read_all(if self.from.is_empty() { &latest } else { &self.from })?;
        let diff = !self.diff_base.is_empty();
        let names = if diff { &self.diff_base } else { &self.base };
        if names.is_empty() {
            if self.normalize {
                return Err(super::failure(ViewError::NoBase)
                    .help("give one with `--base` or `--diff-base`"));
            }
            return Ok((sources, None));
        }
        let profiles = read_all(names)?;
        Ok((sources, Some(Base { profiles, diff, normalize: self.normalize })))
    }

    /// What the view is asked to show.
    pub(super) fn settings(&self, context: &Context<'_>) -> Result<Settings, Failure> {
        let text = |option: &Option<String>| option.clone().unwrap_or_default();
        let default = Settings::default();
        let fraction = |name: &str, option: Option<f64>, default: f64| match option {
            Some(value) if !value.is_finite() => {
                Err(Failure::usage(format!("`--{name} {value}` is not a number to work with")))
            }
            other => Ok(other.unwrap_or(default)),
        };
        Ok(Settings {
            sample_index: text(&self.sample_index),
            mean: self.mean,
            cum: self.cum,
            nodecount: self.nodecount.and_then(|count| usize::try_from(count).ok()),
            nodefraction: fraction("nodefraction", self.nodefraction, default.nodefraction)?,
            edgefraction: fraction("edgefraction", self.edgefraction, default.edgefraction)?,
            trim: self.trim.unwrap_or(true),
            granularity: self.granularity(),
            noinlines: self.noinlines,
            drop_negative: self.drop_negative,
            call_tree: false,
            relative_percentages: self.relative_percentages,
            compact_labels: self.compact_labels,
            unit: self.unit.clone().unwrap_or(default.unit),
            divide_by: fraction("divide-by", self.divide_by, default.divide_by)?,
            trim_path: text(&self.trim_path),
            source_path: text(&self.source_path),
            tagroot: text(&self.tagroot),
            tagleaf: text(&self.tagleaf),
            filters: Filters {
                focus: text(&self.focus),
                ignore: text(&self.ignore),
                hide: text(&self.hide),
                show: text(&self.show),
                show_from: text(&self.show_from),
                prune_from: text(&self.prune_from),
                tagfocus: text(&self.tagfocus),
                tagignore: text(&self.tagignore),
                tagshow: text(&self.tagshow),
                taghide: text(&self.taghide),
            },
            benches: context.common.bench.clone(),
            fold: !self.is_plain(),
        })
    }

    /// Whether the view is pprof's to the letter: a file that somebody names is looked at beside
    /// what pprof says of it, the workspace's own recording for what can be done about it.
    pub(super) fn is_plain(&self) -> bool {
        self.plain.unwrap_or_else(|| self.from.iter().any(|name| name != "latest"))
    }

    fn granularity(&self) -> Granularity {
        match self.granularity {
            Some(GranularityArg::Function) => Granularity::Functions,
            Some(GranularityArg::Filefunction) => Granularity::FileFunctions,
            Some(GranularityArg::Line) => Granularity::Lines,
            Some(GranularityArg::File) => Granularity::Files,
            Some(GranularityArg::Address) => Granularity::Addresses,
            None if self.filefunctions => Granularity::FileFunctions,
            None if self.files => Granularity::Files,
            None if self.lines => Granularity::Lines,
            None if self.addresses => Granularity::Addresses,
            None => Granularity::Functions,
        }
    }
}
