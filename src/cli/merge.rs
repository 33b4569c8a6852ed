//! `cargo perf merge`: puts together what the shards of a job matrix left.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::build::load_workspace;
use crate::cli::{Context, compare, profile_source};
use crate::exit::{Exit, Failure};
use crate::formats::pprof;
use crate::model::profile::Profile;
use crate::model::verdict::{Comparison, Verdict};
use crate::proof::paired::Rule;
use crate::report::stat_compare::Compared;
use crate::report::views::prepare;
use crate::workspace;

/// What a shard leaves.
const PROFILE: &str = "profile.pb.gz";
const BENCHES: &str = "bench.txt";
const COMPARISON: &str = "compare.json";

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What each shard left: its target/perf, or files of it
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Leave the result in this folder [default: target/perf]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Let times never set the exit code, only what is counted
    #[arg(long)]
    time_advisory: bool,
}

/// What all shards left.
#[derive(Default)]
struct Left {
    profiles: Vec<Profile>,
    benches: String,
    comparisons: Vec<(PathBuf, Compared)>,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let format = compare::Format::of(context.common.message_format);
    let mut left = Left::default();
    for path in &args.paths {
        if path.is_dir() { left.folder(path)? } else { left.file(path)? }
    }
    let out = match &args.out_dir {
        Some(dir) => dir.clone(),
        None => load_workspace(context)?.perf_dir(),
    };
    fs::create_dir_all(&out)
        .map_err(|error| Failure::usage(format!("--out-dir {}: {error}", out.display())))?;
    let written = |(path, error): (PathBuf, std::io::Error)| {
        Failure::environment(format!("{}: {error}", path.display()))
    };
    if !left.profiles.is_empty() {
        let count = left.profiles.len();
        let merged = prepare::merge(left.profiles)
            .map_err(|error| Failure::usage(format!("the profiles do not fit: {error}")))?;
        workspace::replace(&out.join(PROFILE), |file| pprof::write(&merged, file))
            .map_err(written)?;
        context.note(&format!("{count} profiles in {}", out.join(PROFILE).display()));
    }
    if !left.benches.is_empty() {
        workspace::replace(&out.join(BENCHES), |file| file.write_all(left.benches.as_bytes()))
            .map_err(written)?;
    }
    let Some(compared) = together(left.comparisons, args.time_advisory)? else {
        return Ok(Exit::Clean);
    };
    compare::leave(&compared, &out)?;
    compare::print(&compared, format, context)?;
    Ok(if compared.regressions.is_empty() { Exit::Clean } else { Exit::Found })
}

impl Left {
    fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let places = [folder.to_owned(), folder.join("target/perf")];
        let files: Vec<PathBuf> = places
            .iter()
            .flat_map(|place| [PROFILE, BENCHES, COMPARISON].map(|name| place.join(name)))
            .filter(|file| file.is_file())
            .collect();
        if files.is_empty() {
            return Err(unreadable(folder, "no shard left anything here")
                .help(format!("a shard leaves {PROFILE}, {BENCHES} or {COMPARISON}")));
        }
        files.iter().try_for_each(|file| self.file(file))
    }

    fn file(&mut self, file: &Path) -> Result<(), Failure> {
        let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        match ending.as_str() {
            "json" => {
                let bytes = read(file)?;
                let compared = serde_json::from_slice(&bytes).map_err(|error| {
                    unreadable(file, &format!("no comparison of cargo perf: {error}"))
                })?;
                self.comparisons.push((file.to_owned(), compared));
            }
            "txt" => {
                self.benches.push_str(&String::from_utf8_lossy(&read(file)?));
                if !self.benches.ends_with('\n') {
                    self.benches.push('\n');
                }
            }
            _ => {
                self.profiles.push(profile_source::read_named(&file.display().to_string())?);
            }
        }
        Ok(())
    }
}

/// One comparison of all benches, judged as one family.
fn together(
    parts: Vec<(PathBuf, Compared)>,
    time_advisory: bool,
) -> Result<Option<Compared>, Failure> {
    let mut parts = parts.into_iter();
    let Some((first, mut all)) = parts.next() else { return Ok(None) };
    let mut machines = vec![all.machine.clone()];
    for (path, part) in parts {
        let same = (&part.base, &part.base_commit, &part.head, &part.head_commit)
            == (&all.base, &all.base_commit, &all.head, &all.head_commit);
        if part.schema != all.schema || !same {
            let (one, other) = (first.display(), path.display());
            return Err(Failure::usage(format!("{one} and {other} compare different revisions"))
                .help("merge the shards of one run"));
        }
        let twice = part
            .comparisons
            .iter()
            .find(|own| all.comparisons.iter().any(|other| other.name == own.name));
        if let Some(twice) = twice {
            let message = format!("{}: `{}` is in another shard, too", path.display(), twice.name);
            return Err(Failure::usage(message).help("merge each share once"));
        }
        all.comparisons.extend(part.comparisons);
        all.added.extend(part.added);
        all.removed.extend(part.removed);
        if !machines.contains(&part.machine) {
            machines.push(part.machine);
        }
        if part.ended != "done" {
            all.ended = part.ended;
        }
        if doubt(part.canary.as_ref()) > doubt(all.canary.as_ref()) {
            all.canary = part.canary;
        }
    }
    all.machine = machines.join("; ");
    all.comparisons.sort_by(|a, b| a.name.cmp(&b.name));
    all.added.sort();
    all.removed.sort();
    let rule = Rule::default();
    rule.allow_for_many(&mut all.comparisons);
    all.regressions = compare::regressions(&all.comparisons, rule.family, time_advisory);
    Ok(Some(all))
}

/// How much a canary says against its run; the worst of several stands for all.
fn doubt(canary: Option<&Comparison>) -> u8 {
    match canary.map(Comparison::verdict) {
        None => 0,
        Some(Verdict::NoChange) => 1,
        Some(Verdict::TooNoisy) => 2,
        Some(Verdict::Faster | Verdict::Slower) => 3,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unreadable(path, &error.to_string()))
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::usage(format!("{}: {why}", path.display()))
        .help("name what the shards left: their target/perf folders, or files of them")
}
