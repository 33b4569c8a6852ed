//! Clippy, asked for its performance lints.
//!
//! It compiles the project, and so runs its build scripts and procedural macros, in a directory of
//! its own below `target/perf`: the user's builds stay as they are.

use std::io::{self, Read};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;

use cargo_metadata::diagnostic::{Applicability, Diagnostic, DiagnosticLevel, DiagnosticSpan};
use cargo_metadata::{Message, PackageId};

use super::child;
use super::load::Workspace;

/// A lint of clippy's that speaks of performance.
#[derive(Debug)]
pub struct ClippyLint {
    /// As clippy prints it: `clippy::name`.
    pub name: &'static str,
    /// Of the group `perf`, which clippy shows to everybody.
    pub is_perf: bool,
    /// Lints of ours that say the same of a place, and more.
    pub ours: &'static [&'static str],
}

const fn perf(name: &'static str, ours: &'static [&'static str]) -> ClippyLint {
    ClippyLint { name, is_perf: true, ours }
}

const fn other(name: &'static str, ours: &'static [&'static str]) -> ClippyLint {
    ClippyLint { name, is_perf: false, ours }
}

/// The lints that are asked for: the group `perf`, and what is useful of the other groups.
pub const LINTS: &[ClippyLint] = &[
    perf("clippy::box_collection", &[]),
    perf("clippy::boxed_local", &[]),
    perf("clippy::cmp_owned", &["copied_out_buffer", "format_for_one_value"]),
    perf("clippy::collapsible_str_replace", &[]),
    perf("clippy::double_ended_iterator_last", &[]),
    perf("clippy::drain_collect", &["copied_out_buffer"]),
    perf("clippy::expect_fun_call", &[]),
    perf("clippy::extend_with_drain", &[]),
    perf("clippy::format_in_format_args", &["format_for_one_value"]),
    perf("clippy::iter_overeager_cloned", &["copied_out_buffer"]),
    perf("clippy::large_const_arrays", &["large_copy"]),
    perf("clippy::large_enum_variant", &[]),
    perf("clippy::manual_contains", &[]),
    perf("clippy::manual_ignore_case_cmp", &["copied_out_buffer"]),
    perf("clippy::manual_memcpy", &[]),
    perf("clippy::manual_retain", &["copied_out_buffer"]),
    perf("clippy::manual_str_repeat", &["string_concat_in_loop"]),
    perf("clippy::manual_try_fold", &[]),
    perf("clippy::map_entry", &["double_lookup"]),
    perf("clippy::missing_const_for_thread_local", &[]),
    perf("clippy::missing_spin_loop", &[]),
    perf("clippy::owned_cow", &[]),
    perf("clippy::readonly_write_lock", &["lock_contention"]),
    perf("clippy::redundant_allocation", &[]),
    perf("clippy::redundant_iter_cloned", &["copied_out_buffer"]),
    perf("clippy::replace_box", &[]),
    perf("clippy::result_large_err", &[]),
    perf("clippy::sliced_string_as_bytes", &[]),
    perf("clippy::slow_vector_initialization", &["unpreallocated_vec"]),
    perf("clippy::to_string_in_format_args", &["format_for_one_value"]),
    perf("clippy::unbuffered_bytes", &["unbuffered_io"]),
    perf("clippy::unnecessary_to_owned", &["copied_out_buffer"]),
    perf("clippy::useless_vec", &["buffer_per_iteration"]),
    perf("clippy::vec_init_then_push", &["unpreallocated_vec"]),
    perf("clippy::waker_clone_wake", &[]),
    other("clippy::assigning_clones", &[]),
    other("clippy::await_holding_lock", &["guard_across_slow_call", "sync_guard_across_await"]),
    other("clippy::format_collect", &["string_concat_in_loop"]),
    other("clippy::format_push_string", &["string_concat_in_loop"]),
    other("clippy::inefficient_to_string", &[]),
    other("clippy::large_futures", &[]),
    other("clippy::large_stack_arrays", &[]),
    other("clippy::large_stack_frames", &[]),
    other("clippy::large_types_passed_by_value", &["large_copy"]),
    other("clippy::linkedlist", &[]),
    other("clippy::mutex_atomic", &["shared_write"]),
    other("clippy::mutex_integer", &["shared_write"]),
    other("clippy::needless_collect", &["copied_out_buffer"]),
    other("clippy::or_fun_call", &[]),
    other("clippy::rc_buffer", &[]),
    other("clippy::redundant_clone", &["copied_out_buffer"]),
    other("clippy::set_contains_or_insert", &["double_lookup"]),
    other("clippy::significant_drop_tightening", &["guard_across_slow_call"]),
    other("clippy::stable_sort_primitive", &[]),
    other("clippy::string_add", &["string_concat_in_loop"]),
    other("clippy::trivial_regex", &["recompiled_regex"]),
    other("clippy::trivially_copy_pass_by_ref", &[]),
    other("clippy::unnecessary_box_returns", &[]),
    other("clippy::verbose_file_reads", &[]),
];

/// What a lint of clippy's says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which lint.
    pub lint: &'static str,
    /// The file, as the compiler names it: relative to the workspace root where it lies in it.
    pub file: PathBuf,
    /// Where in it.
    pub bytes: Range<usize>,
    /// The message.
    pub message: String,
    /// The label at the span.
    pub label: String,
    /// Notes, without the ones that say how the lint was turned on.
    pub notes: Vec<String>,
    /// Rewrites: message, replacements, and whether clippy itself vouches for them.
    pub rewrites: Vec<Rewrite>,
}

/// A rewrite of clippy's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What it does.
    pub message: String,
    /// Bytes of a file, and what takes their place.
    pub edits: Vec<(PathBuf, Range<usize>, String)>,
    /// Clippy would apply it unasked.
    pub is_applicable: bool,
    /// It holds words that a person must replace.
    pub has_placeholders: bool,
}

/// What clippy said.
#[derive(Debug)]
pub struct Checked {
    /// What is said of performance.
    pub said: Vec<Said>,
    /// All other lines of its output, which editors want to see.
    pub lines: Vec<u8>,
    /// The line that ends them: others may come before it.
    pub last: Option<Vec<u8>>,
    /// Errors as the compiler renders them.
    pub errors: Vec<String>,
    /// What it wrote to standard error.
    pub words: String,
    /// How it ended.
    pub status: ExitStatus,
}

/// Runs clippy over the chosen packages.
pub fn check(workspace: &Workspace, interrupt: &AtomicBool) -> io::Result<Checked> {
    let mut command = workspace.cargo(None);
    command.args(["clippy", "--quiet", "--message-format", "json", "--keep-going"]);
    command.arg("--target-dir").arg(workspace.perf_dir().join("clippy"));
    if let Some(path) = &workspace.request.manifest_path {
        command.arg("--manifest-path").arg(path);
    }
    for package in workspace.packages() {
        command.args(["--package", &package.id.repr]);
    }
    command.args(workspace.request.features.to_args());
    command.arg("--");
    for lint in LINTS {
        command.args(["-W", lint.name]);
    }
    // Names that an older clippy does not know, and what the project itself forbids.
    command.args(["-A", "unknown_lints", "--cap-lints", "warn"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (text, words, status) = drain(&mut child, interrupt);
    let status = status?;
    let packages: Vec<&PackageId> = workspace.packages().iter().map(|p| &p.id).collect();
    let mut checked = Checked {
        said: Vec::new(),
        lines: Vec::new(),
        last: None,
        errors: Vec::new(),
        words,
        status,
    };
    checked.read(&text, &packages);
    Ok(checked)
}

fn drain(child: &mut Child, interrupt: &AtomicBool) -> (Vec<u8>, String, io::Result<ExitStatus>) {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let words = scope.spawn(|| all_of(stderr));
        let text = scope.spawn(|| all_of(stdout));
        let status = child::wait_in_group(child, interrupt);
        let words = words.join().unwrap_or_default();
        let text = text.join().unwrap_or_default();
        (text, String::from_utf8_lossy(&words).into_owned(), status)
    })
}

fn all_of(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be read any more was cut off with the process; its status says so.
    let _ = from.map(|mut from| from.read_to_end(&mut bytes));
    bytes
}

impl Checked {
    fn read(&mut self, text: &[u8], packages: &[&PackageId]) {
        for line in String::from_utf8_lossy(text).lines() {
            let Ok(message) = serde_json::from_str::<Message>(line) else { continue };
            let Message::CompilerMessage(message) = message else {
                self.pass_on(line, matches!(message, Message::BuildFinished(_)));
                continue;
            };
            let diagnostic = &message.message;
            if matches!(diagnostic.level, DiagnosticLevel::Error | DiagnosticLevel::Ice) {
                self.errors.extend(diagnostic.rendered.clone());
            }
            let lint = diagnostic.code.as_ref().and_then(|code| {
                LINTS.iter().map(|lint| lint.name).find(|name| *name == code.code)
            });
            match lint {
                Some(lint) if packages.contains(&&message.package_id) => {
                    // The library and the program of one file say the same.
                    let said = said(lint, diagnostic).filter(|said| !self.said.contains(said));
                    self.said.extend(said);
                }
                Some(_) => {}
                None => self.pass_on(line, false),
            }
        }
    }

    fn pass_on(&mut self, line: &str, is_last: bool) {
        let line = [line.as_bytes(), b"\n"].concat();
        match is_last {
            true => self.last = Some(line),
            false => self.lines.extend(line),
        }
    }
}

fn said(lint: &'static str, diagnostic: &Diagnostic) -> Option<Said> {
    let primary = diagnostic.spans.iter().find(|span| span.is_primary)?;
    if primary.expansion.is_some() {
        // It speaks of what a macro wrote.
        return None;
    }
    let mut notes = Vec::new();
    let mut rewrites = Vec::new();
    for child in &diagnostic.children {
        let edits: Vec<_> = child.spans.iter().filter_map(edit).collect();
        let how = |wanted: Applicability| {
            child.spans.iter().any(|span| span.suggestion_applicability.as_ref() == Some(&wanted))
        };
        if !edits.is_empty() {
            let is_applicable = !how(Applicability::MaybeIncorrect)
                && !how(Applicability::HasPlaceholders)
                && !how(Applicability::Unspecified);
            let has_placeholders = how(Applicability::HasPlaceholders);
            let message = child.message.clone();
            rewrites.push(Rewrite { message, edits, is_applicable, has_placeholders });
        } else if !child.message.contains("https://rust-lang.github.io")
            && !child.message.starts_with('`')
            && !child.message.contains("to override `")
        {
            notes.push(child.message.clone());
        }
    }
    Some(Said {
        lint,
        file: PathBuf::from(&primary.file_name),
        bytes: bytes(primary),
        message: diagnostic.message.clone(),
        label: primary.label.clone().unwrap_or_default(),
        notes,
        rewrites,
    })
}

fn edit(span: &DiagnosticSpan) -> Option<(PathBuf, Range<usize>, String)> {
    let text = span.suggested_replacement.clone()?;
    Some((PathBuf::from(&span.file_name), bytes(span), text))
}

fn bytes(span: &DiagnosticSpan) -> Range<usize> {
    span.byte_start as usize..span.byte_end as usize
}
