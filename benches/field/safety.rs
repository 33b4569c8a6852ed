//! Applies every safe rewrite of a crate at once, and asks the compiler and the crate's own tests.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use cargo_perf::proof::prove::{Baseline, Compiled, Stop, Tests, Trial};
use cargo_perf::workspace::{Request, Workspace, load};

use crate::crates::{Crate, perf};

/// One row per crate; fails if a rewrite broke any.
pub fn safety(crates: &[Crate]) -> Result<(), String> {
    println!("{:<28} {:>8} {:>6}  {:<10} tests", "crate", "rewrites", "files", "builds");
    let (mut rewritten, mut broken) = (0, Vec::new());
    for one in crates {
        let name = format!("{} {}", one.name, one.version);
        let row = match judge(one) {
            Ok(row) => row,
            Err(words) => {
                println!("{name:<28} {:>8} {:>6}  could not be tried: {words}", "–", "–");
                continue;
            }
        };
        println!(
            "{name:<28} {:>8} {:>6}  {:<10} {}",
            row.rewrites, row.files, row.builds, row.tests
        );
        rewritten += usize::from(row.rewrites > 0);
        if row.is_broken {
            broken.push(name);
        }
    }
    println!("\n{rewritten} crates were rewritten, {} of them broken", broken.len());
    if broken.is_empty() { Ok(()) } else { Err(format!("broken: {}", broken.join(", "))) }
}

struct Row {
    rewrites: usize,
    files: usize,
    builds: &'static str,
    tests: String,
    is_broken: bool,
}

fn judge(one: &Crate) -> Result<Row, String> {
    let dry = perf(one, &["fix", "--all", "--from", "none", "--dry-run"])?;
    let diff = String::from_utf8_lossy(&dry.stdout).into_owned();
    let files = diff.lines().filter(|line| line.starts_with("+++ ")).count();
    if files == 0 {
        let tests = "nothing to rewrite".to_owned();
        return Ok(Row { rewrites: 0, files, builds: "", tests, is_broken: false });
    }
    let never = AtomicBool::new(false);
    let workspace = workspace(&one.folder)?;
    let trial = Trial { workspace: &workspace, interrupt: &never, slack: Trial::SLACK };
    if let Compiled::No(error) = trial.compile().map_err(Stop::words)? {
        return Err(format!("does not build as it is: {error}"));
    }
    // A crate whose tests need files that are not published can still be built.
    let baseline: Result<Baseline, String> = trial.baseline().map_err(Stop::words);

    let fixed = perf(one, &["fix", "--all", "--from", "none", "--allow-no-vcs", "--allow-dirty"])?;
    if !fixed.status.success() {
        return Err(String::from_utf8_lossy(&fixed.stderr).into_owned());
    }
    let rewrites = String::from_utf8_lossy(&fixed.stdout).lines().count();
    if let Compiled::No(error) = trial.compile().map_err(Stop::words)? {
        return Ok(Row { rewrites, files, builds: "NO", tests: error, is_broken: true });
    }
    let (tests, is_broken) = match baseline {
        Ok(baseline) => {
            let tests = trial.test(&baseline).map_err(Stop::words)?;
            (tests.words(), !matches!(tests, Tests::Passed { .. }))
        }
        Err(words) => (format!("not run: {words}"), false),
    };
    Ok(Row { rewrites, files, builds: "yes", tests, is_broken })
}

fn workspace(folder: &Path) -> Result<Workspace, String> {
    let request = Request { dir: folder.to_owned(), ..Request::default() };
    let mut workspace = load(request).map_err(|error| error.to_string())?;
    // All crates share what they depend on.
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field/build");
    let shared = shared.to_str().ok_or("the path of the repository is not UTF-8")?;
    workspace.metadata.target_directory = shared.into();
    Ok(workspace)
}
