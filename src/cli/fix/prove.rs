//! `fix --prove`: the laboratory made of cargo, the recorder and paired runs.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Args, edition, refuse_if_not_undoable, select};
use crate::bench::{Choice, Length};
use crate::capture::Kind;
use crate::cli::build::{broken, build_benches};
use crate::cli::fix::keep::{leave_patch, put_where_asked, together};
use crate::cli::interrupt::Interrupt;
use crate::cli::{Context, check};
use crate::exit::{Exit, Failure};
use crate::model::finding::{Finding, Grade};
use crate::model::verdict::{BenchName, Comparison};
use crate::proof::paired::{self, Benches, Ended, Side, Which};
use crate::proof::prove::{
    Attempt, Baseline, Compared, Compiled, Laboratory, Ledger, Options, Outcome, Stop, Tests, Tree,
    Trial, prove,
};
use crate::record;
use crate::report::proofs;
use crate::rewrite::{Change, Rustfmt, is_tracked};
use crate::source::{Role, SourceFile};
use crate::workspace::{self, BenchTarget, Executable, Request, Workspace};

/// Rounds of looking again; each needs something kept in the one before.
const ROUNDS: u32 = 8;

pub(super) fn run(
    args: &Args,
    workspace: &Workspace,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let start = Instant::now();
    if args.patch.is_none() && !args.dry_run {
        // Better now than after all the measuring.
        refuse_if_not_undoable(args, workspace.root(), &[])?;
    }
    let interrupt = Interrupt::watch()?;
    let folder = workspace.perf_dir().join("prove");
    let tree = Tree::copy(workspace, &folder.join("tree"))
        .map_err(|error| Failure::environment(format!("could not copy the workspace: {error}")))?;
    let copy = load_copy(workspace, &tree)?;
    let mut bench = Workbench {
        args,
        original: workspace,
        copy: &copy,
        tree: &tree,
        interrupt: &interrupt,
        context,
        deadline: args.budget.map(|budget| start + budget),
        baseline: None,
        files: Vec::new(),
        original_executables: Vec::new(),
        benches: Vec::new(),
        accepted: Vec::new(),
        broken: None,
        current: Vec::new(),
        is_built: false,
        is_first: true,
    };
    bench.begin().map_err(stop_failure)?;
    let options = Options {
        grade: args.grade.map_or(Grade::Unsafe, Grade::from),
        ids: args.ids.clone(),
        rounds: ROUNDS,
    };
    let mut outcome = Outcome::default();
    let ended = prove(&mut bench, &options, &mut outcome).and_then(|()| {
        if !outcome.steps.is_empty() && !bench.is_over() {
            outcome.overall = bench.overall()?;
        }
        Ok(())
    });
    // From here on an interrupt does what it always does, but for the moment of writing.
    drop(interrupt);
    if let Err(stop) = ended {
        let so_far = together(&outcome.steps);
        return Err(leave_patch(workspace, &so_far, stop_failure(stop)));
    }
    print(&outcome, context)?;
    put_where_asked(args, workspace, &outcome, context)
}

fn print(outcome: &Outcome, context: &mut Context<'_>) -> Result<(), Failure> {
    use crate::cli::options::MessageFormat;
    let text = match context.common.message_format.unwrap_or_default() {
        MessageFormat::Json => proofs::json(outcome)
            .map_err(|error| Failure::environment(format!("could not write JSON: {error}")))?,
        MessageFormat::Markdown => proofs::markdown(outcome),
        _ => proofs::text(outcome),
    };
    context.print(text.as_bytes())?;
    context.note(&proofs::summary(outcome));
    Ok(())
}

/// The copy as a workspace of its own, which builds beside the original.
fn load_copy(original: &Workspace, tree: &Tree) -> Result<Workspace, Failure> {
    let root = original.root();
    let within = |path: &Path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        real.strip_prefix(&root).map(|below| tree.root().join(below)).ok()
    };
    let asked = &original.request;
    let manifest_path = asked.manifest_path.as_ref().map(|path| asked.dir.join(path));
    let request = Request {
        dir: within(&asked.dir).unwrap_or_else(|| tree.root().to_owned()),
        manifest_path: manifest_path.and_then(|path| within(&path)),
        packages: asked.packages.clone(),
        workspace: asked.workspace,
        features: asked.features.clone(),
        any_toolchain: false,
    };
    let mut copy = workspace::load(request)
        .map_err(|error| Failure::environment(format!("the copy of the workspace: {error}")))?;
    // Dependencies are built once for both, and nothing is built in the copy itself.
    copy.metadata.target_directory.clone_from(&original.metadata.target_directory);
    Ok(copy)
}

fn stop_failure(stop: Stop) -> Failure {
    match stop {
        Stop::Interrupted => Failure::environment("interrupted").help("no file was changed"),
        Stop::Failed { message, help } => {
            let failure = Failure::environment(message);
            match help {
                Some(help) => failure.help(help),
                None => failure,
            }
        }
    }
}

fn stop(failure: Failure) -> Stop {
    Stop::Failed { message: failure.message, help: failure.help }
}

fn paired_stop(error: paired::Error) -> Stop {
    Stop::Failed { message: format!("the benches cannot be compared: {error}"), help: None }
}

struct Workbench<'a, 'c> {
    args: &'a Args,
    original: &'a Workspace,
    copy: &'a Workspace,
    tree: &'a Tree,
    interrupt: &'a Interrupt,
    context: &'a mut Context<'c>,
    deadline: Option<Instant>,
    baseline: Option<Baseline>,
    /// The files as they were when findings were last looked for.
    files: Vec<SourceFile>,
    /// Executables of the tree before any rewrite.
    original_executables: Vec<Executable>,
    /// The benches of the last recording.
    /// Those of the profile, with their harness's names.
    benches: Vec<(String, BenchName)>,
    /// Executables of what is kept.
    accepted: Vec<Executable>,
    /// Bench targets that did not build before any rewrite.
    broken: Option<Vec<BenchTarget>>,
    /// Executables of the tree as it stands, if it is built.
    current: Vec<Executable>,
    is_built: bool,
    is_first: bool,
}

impl Workbench<'_, '_> {
    /// What must work before anything is tried: the benches build, the tests run.
    fn begin(&mut self) -> Result<(), Stop> {
        self.build().map_err(stop)?;
        if let Some(what) = self.broken.as_deref().and_then(broken) {
            self.say(&format!("{what} and is not measured"));
        }
        self.original_executables = self.keep("original")?;
        self.accept()?;
        if !self.args.no_tests {
            self.say("running the tests as they are");
            let baseline = self.trial().baseline()?;
            if let Some(targets) = baseline.only() {
                self.say(&format!("some tests do not build; these do and are run: {targets}"));
            }
            self.baseline = Some(baseline);
        }
        Ok(())
    }

    fn trial(&self) -> Trial<'_> {
        Trial { workspace: self.copy, interrupt: self.interrupt.flag(), slack: Trial::SLACK }
    }

    fn say(&mut self, text: &str) {
        self.context.note(text);
    }

    /// Builds the benches of the tree as it stands; what cargo says is kept for the failure.
    fn build(&mut self) -> Result<(), Failure> {
        let mut said = Vec::new();
        let mut quiet = Context {
            out: &mut io::sink(),
            err: &mut said,
            terminal: crate::term::Terminal { err: false, ..self.context.terminal },
            common: self.context.common.clone(),
        };
        let built = build_benches(self.copy, true, &mut quiet, self.interrupt.flag());
        let in_its_words = |failure| {
            let words = String::from_utf8_lossy(&said).into_owned();
            match words.lines().find(|line| line.starts_with("error")) {
                Some(error) => Failure { message: error.to_owned(), ..failure },
                None => failure,
            }
        };
        let built = built.map_err(in_its_words)?;
        // What did not build as it was may stay so.
        let before = self.broken.get_or_insert_with(|| built.broken.clone());
        let new: Vec<_> = built.broken.into_iter().filter(|it| !before.contains(it)).collect();
        if let Some(what) = broken(&new) {
            return Err(in_its_words(Failure::environment(what)));
        }
        self.current = built.executables;
        self.is_built = true;
        Ok(())
    }

    /// Copies executables away: cargo will write over them.
    fn keep(&self, folder: &str) -> Result<Vec<Executable>, Stop> {
        let folder = self.copy.perf_dir().join("prove").join(folder);
        paired::keep(&self.current, &folder).map_err(paired_stop)
    }

    fn paired(
        &self,
        before: &[Executable],
        after: &[Executable],
        benches: Benches,
    ) -> Result<Compared, Stop> {
        let side = |executables| Side { workspace: self.copy, executables };
        let options = paired::Options {
            benches,
            budget: self.deadline.map(|end| end.saturating_duration_since(Instant::now())),
            ..paired::Options::new(self.copy.perf_dir().join("prove/paired"))
        };
        let (before, after) = (side(before), side(after));
        let report = paired::compare(&before, &after, &options, &|_| {}, self.interrupt.flag())
            .map_err(paired_stop)?;
        if report.ended == Ended::Interrupted {
            return Err(Stop::Interrupted);
        }
        let fails_before = |name: &BenchName| {
            report.failed.iter().any(|other| other.which == Which::Before && other.name == *name)
        };
        let broken = report
            .failed
            .iter()
            .filter(|failed| failed.which == Which::After && !fails_before(&failed.name))
            .map(|failed| format!("{} {}", failed.name, failed.fault))
            .chain(report.removed.iter().map(|name| format!("{name} is gone")))
            .collect();
        Ok(Compared { benches: report.comparisons, broken })
    }

    /// All benches from the first form to the last.
    fn overall(&mut self) -> Result<Vec<Comparison>, Stop> {
        self.say("comparing all benches from first to last");
        let all = Benches::Matching(Vec::new());
        Ok(self.paired(&self.original_executables, &self.accepted, all)?.benches)
    }

    /// Records the benches of the tree as it stands; returns where the profile lies.
    fn record(&mut self) -> Result<PathBuf, Stop> {
        let options = record::Options {
            kinds: Kind::ALL.to_vec(),
            rate: None,
            length: Some(Length { samples: 50, ..Length::USUAL }),
            stall: Duration::from_secs(120),
            choice: Choice::Matching(Vec::new()),
            calls: record::Calls::default(),
            perf_dir: self.copy.perf_dir().join("prove"),
        };
        let flag = self.interrupt.flag();
        let outcome = record::record_benches(self.copy, &self.current, &options, &|_| {}, flag)
            .map_err(|error| Stop::Failed { message: error.to_string(), help: None })?;
        if outcome.interrupted {
            return Err(Stop::Interrupted);
        }
        for failed in &outcome.failed {
            let text = format!("bench target `{}` {}", failed.target, failed.fault);
            self.context.warn(&text);
        }
        let in_profile = outcome.profile.benches.iter().map(|totals| totals.bench.clone());
        self.benches = in_profile.zip(outcome.names.iter().cloned()).collect();
        let folder = &options.perf_dir;
        let profile = folder.join("profile.pb.gz");
        record::leave(&outcome, &profile, &folder.join("bench.txt")).map_err(|(path, error)| {
            Stop::Failed { message: format!("{}: {error}", path.display()), help: None }
        })?;
        Ok(profile)
    }

    /// The findings that were asked for. In later rounds those that are kept are gone.
    fn selected(&mut self, findings: Vec<Finding>) -> Result<Vec<Finding>, Stop> {
        let is_first = std::mem::take(&mut self.is_first);
        if is_first {
            return select(self.args, findings).map_err(stop);
        }
        let ids = &self.args.ids;
        Ok(findings.into_iter().filter(|f| ids.is_empty() || ids.contains(&f.id)).collect())
    }

    /// Keeps what was measured of these findings for `check`.
    fn remember(&mut self, attempt: &Attempt) {
        let Some(proof) = attempt.proof() else { return };
        // What was tried together proves nothing of each alone.
        let [finding] = attempt.findings.as_slice() else { return };
        let text = self.files.iter().find(|file| file.path == finding.span.file);
        let Some(text) = text.map(|file| file.text.clone()) else { return };
        let ledger = Ledger::of(&self.original.perf_dir());
        if let Err(error) = ledger.keep(finding, &text, &proof) {
            self.context.warn(&format!("the proof could not be kept: {error}"));
        }
    }
}

impl Laboratory for Workbench<'_, '_> {
    fn findings(&mut self) -> Result<Vec<Finding>, Stop> {
        self.say("recording the benches");
        if !self.is_built {
            self.build().map_err(stop)?;
        }
        let profile = self.record()?;
        let from = profile.to_string_lossy();
        let wanted = check::Wanted::all(&self.args.lint, &[], &from);
        let checked = check::lint(self.copy, &wanted).map_err(stop)?;
        check::report_problems(&checked.outcome, self.context);
        self.files = checked.files;
        let mut findings = self.selected(checked.outcome.findings)?;
        let selected: Vec<String> =
            self.copy.packages().iter().map(|package| package.id.repr.clone()).collect();
        let is_tested = |finding: &Finding| {
            let file = self.files.iter().find(|file| file.path == finding.span.file);
            file.is_some_and(|file| selected.contains(&file.package.id))
        };
        findings.retain(is_tested);
        self.say(&crate::report::words::count(findings.len(), "finding"));
        Ok(findings)
    }

    fn read(&self, file: &Path) -> io::Result<String> {
        self.tree.read(file)
    }

    fn is_of_bench(&self, file: &Path) -> bool {
        self.files.iter().any(|known| known.path == file && known.role == Role::Bench)
    }

    fn write(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Stop> {
        let changed = self
            .tree
            .write(texts)
            .map_err(|error| Stop::Failed { message: error.to_string(), help: None })?;
        self.is_built &= !changed;
        Ok(())
    }

    fn with_dependency(&mut self, file: &Path, name: &str) -> Result<Vec<Change>, String> {
        let known = self.files.iter().find(|known| known.path == file);
        let package = known.map_or("", |file| file.package.name.as_str());
        // Whoever does not keep the lock file gets a new one with the next build.
        let with_lock = is_tracked(self.original.root(), "Cargo.lock");
        self.trial().with_dependency(self.tree, package, name, with_lock)
    }

    fn format(&self, change: &mut Change) {
        Rustfmt::new(self.tree.root()).keep_clean(change, &edition(&change.file, &self.files));
    }

    fn compile(&mut self) -> Result<Compiled, Stop> {
        if let Compiled::No(error) = self.trial().compile()? {
            return Ok(Compiled::No(error));
        }
        match self.build() {
            Ok(()) => Ok(Compiled::Yes),
            Err(_) if self.interrupt.flag().load(Ordering::Relaxed) => Err(Stop::Interrupted),
            Err(failure) => Ok(Compiled::No(failure.message)),
        }
    }

    fn test(&mut self) -> Result<Tests, Stop> {
        match &self.baseline {
            Some(baseline) => self.trial().test(baseline),
            None => Ok(Tests::Skipped),
        }
    }

    fn compare(&mut self, findings: &[&Finding]) -> Result<Compared, Stop> {
        let is_reached = |bench: &str| {
            let mut evidence = findings.iter().flat_map(|finding| &finding.evidence);
            evidence.any(|evidence| evidence.bench == bench)
        };
        let reached = self.benches.iter().filter(|(bench, _)| is_reached(bench));
        let reached = reached.map(|(_, name)| name.clone()).collect();
        self.paired(&self.accepted, &self.current, Benches::Exactly(reached))
    }

    fn accept(&mut self) -> Result<(), Stop> {
        if !self.is_built {
            self.build().map_err(stop)?;
        }
        self.accepted = self.keep("accepted")?;
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn tell(&mut self, attempt: &Attempt) {
        self.remember(attempt);
        self.say(&proofs::line(attempt));
    }
}
