//! Criterion's profile directories: `BENCH/profile/profile.pb` below the directory given.

use std::path::Path;

use walkdir::WalkDir;

use super::read_file;
use crate::exit::Failure;
use crate::model::profile::{Label, Profile};
use crate::report::views::prepare::merge;

/// Deeper directories are not searched, and more profiles not read.
const MAX_DEPTH: usize = 12;
const MAX_PROFILES: usize = 4096;

/// Reads every profile that a bench left below a directory; each carries the bench's name.
pub(super) fn read(dir: &Path) -> Result<Profile, Failure> {
    let mut profiles = Vec::new();
    let found = WalkDir::new(dir).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
    for entry in found.filter_map(Result::ok) {
        let path = entry.path();
        let is_profile = matches!(
            path.file_name().and_then(|name| name.to_str()),
            Some("profile.pb" | "profile.pb.gz" | "profile.pprof")
        );
        let in_profile_dir = path.parent().is_some_and(|dir| dir.ends_with("profile"));
        if !(is_profile && in_profile_dir) {
            continue;
        }
        if profiles.len() == MAX_PROFILES {
            return Err(Failure::usage(format!(
                "{}: more than {MAX_PROFILES} profiles",
                dir.display()
            )));
        }
        let mut profile = read_file(path)?;
        let bench = bench(dir, path);
        for sample in &mut profile.samples {
            if sample.label("bench").is_none() {
                sample.labels.push(Label::text("bench", &bench));
            }
        }
        profiles.push(profile);
    }
    if profiles.is_empty() {
        return Err(Failure::usage(format!("{}: no bench left a profile there", dir.display()))
            .help("criterion's profilers write BENCH/profile/profile.pb below target/criterion"));
    }
    merge(profiles).map_err(|error| Failure::usage(format!("{}: {error}", dir.display())))
}

/// `group/function` of `DIR/group/function/profile/profile.pb`.
fn bench(dir: &Path, profile: &Path) -> String {
    let bench = profile.parent().and_then(Path::parent).unwrap_or(dir);
    let name = bench.strip_prefix(dir).unwrap_or(bench).display().to_string();
    if name.is_empty() {
        bench.file_name().unwrap_or_default().to_string_lossy().into_owned()
    } else {
        name
    }
}
