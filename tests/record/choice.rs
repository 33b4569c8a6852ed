//! Which benches are recorded, and where the recording is left.

use crate::project::{BUSY, PLAIN, Project, Ran, read};

fn names(project: &Project) -> Vec<String> {
    project.benches().into_iter().map(|bench| bench.bench).collect()
}

/// Two packages in a virtual workspace, the second of which is a default member.
fn workspace() -> Project {
    let member = |name: &str, bench: &str| {
        PLAIN
            .replace("plain", name)
            .replace("\"b\"", &format!("\"{bench}\""))
            .replace("[workspace]\n", "")
    };
    let root = "[workspace]\nmembers = [\"one\", \"two\"]\ndefault-members = [\"two\"]\n\
                resolver = \"2\"\n";
    Project::new(&[
        ("Cargo.toml", root),
        ("one/Cargo.toml", &member("one", "first")),
        ("one/src/lib.rs", ""),
        ("one/benches/first.rs", BUSY),
        ("two/Cargo.toml", &member("two", "second")),
        ("two/src/lib.rs", ""),
        ("two/benches/second.rs", BUSY),
    ])
}

#[test]
fn a_virtual_workspace_is_chosen_from_as_cargo_chooses() {
    let project = workspace();
    project.run(&["record"]).succeeds();
    assert_eq!(names(&project), ["second"]);
    project.run(&["record", "--workspace"]).succeeds();
    assert_eq!(names(&project), ["first", "second"]);
    project.run(&["record", "-p", "o*"]).succeeds();
    assert_eq!(names(&project), ["first"]);
    project.run(&["record", "--workspace", "sec"]).succeeds();
    assert_eq!(names(&project), ["second"]);
    // In a member's directory, that member.
    Ran::of(project.command("one/src", &["record"]).output().unwrap()).succeeds();
    assert_eq!(names(&project), ["first"]);
    let elsewhere = Project::new(&[("x", "")]);
    let manifest = project.path("two/Cargo.toml");
    elsewhere.run(&["record", "--manifest-path", manifest.to_str().unwrap()]).succeeds();
    assert_eq!(names(&project), ["second"]);
}

#[test]
fn a_plain_main_is_one_iteration_run_as_cargo_runs_it() {
    let project = Project::plain(
        "fn main() {\n\
             assert_eq!(std::env::args().skip(1).collect::<Vec<_>>(), [\"--bench\"]);\n\
             let dir = std::env::current_dir().unwrap();\n\
             assert!(dir.join(\"benches/b.rs\").is_file());\n\
             assert_eq!(std::env::var_os(\"CARGO_MANIFEST_DIR\").unwrap(), dir);\n\
             assert_eq!(std::env::var(\"CARGO_PKG_NAME\").unwrap(), \"plain\");\n\
             std::fs::File::create_new(std::env::var_os(\"ONCE\").unwrap()).unwrap();\n\
             busy() }\n\
         fn busy() { let start = std::time::Instant::now();\n\
             while start.elapsed().as_millis() < 300 { std::hint::black_box(1 + 1); } }\n",
    );
    // It works once only, which is no fault: nobody asked for a second run.
    let record = |once: &str| {
        let once = project.path(once);
        Ran::of(project.command("src", &["record"]).env("ONCE", &once).output().unwrap())
    };
    // Why all dependencies are built is said before it is done, and not again.
    for (once, is_first) in [("once", true), ("again", false)] {
        let ran = record(once);
        ran.succeeds();
        assert_eq!(
            ran.err.contains("the first build takes all dependencies"),
            is_first,
            "{}",
            ran.err
        );
    }
    let bench = &project.benches()[0];
    assert_eq!((bench.harness.as_str(), bench.iterations), ("main", Some(1)));
    assert!(bench.nanos.unwrap() >= 300_000_000);
    let line = std::fs::read_to_string(project.path("target/perf/bench.txt")).unwrap();
    assert!(line.contains("pkg: plain") && line.contains("\nBenchmarkB 1 "), "{line}");
}

#[test]
fn the_profile_of_the_manifest_does_not_take_line_tables_away() {
    let manifest = format!("{PLAIN}[profile.bench]\nstrip = true\ndebug = false\n");
    let files = [("Cargo.toml", manifest.as_str()), ("src/lib.rs", ""), ("benches/b.rs", BUSY)];
    let project = Project::new(&files);
    project.run(&["record"]).succeeds();
    let profile = project.profile();
    let file = |f: &cargo_perf::model::profile::Function| f.filename.ends_with("benches/b.rs");
    assert!(profile.functions.iter().any(file), "{:?}", profile.functions);
}

#[test]
fn two_benches_of_one_name_are_told_apart_by_their_targets() {
    let project = workspace();
    let both = |name: &str| project.path(&format!("{name}/benches"));
    std::fs::rename(both("one").join("first.rs"), both("one").join("second.rs")).unwrap();
    let manifest = std::fs::read_to_string(project.path("one/Cargo.toml")).unwrap();
    project.write("one/Cargo.toml", &manifest.replace("first", "second"));
    project.run(&["record", "--workspace"]).succeeds();
    let names = names(&project);
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
}

#[test]
fn a_command_is_recorded_with_what_it_starts() {
    let project = Project::plain(BUSY);
    project.run(&["record"]).succeeds();
    let bench = std::fs::read_dir(project.path("target/perf/release/deps"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_none() && path.to_str().unwrap().contains("/b-"))
        .unwrap();
    let script = format!("{0} & {0} & wait", bench.display());
    let ran = project.run(&["record", "--out", "own.pb.gz", "--", "sh", "-c", &script]);
    ran.succeeds();
    let profile = read(&project.path("own.pb.gz"));
    assert_eq!(profile.benches[0].harness, "command");
    assert_eq!(profile.benches[0].bench, "sh");
    let is_busy = |&at: &u32| {
        let functions = profile.locations[at as usize].lines.iter();
        let mut names = functions.map(|line| &profile.functions[line.function as usize].name);
        names.any(|name| name.contains("busy"))
    };
    let busy = profile.samples.iter().filter(|sample| sample.stack.iter().any(is_busy));
    let pids = busy.filter_map(|sample| sample.labels.iter().find(|label| label.key == "pid"));
    let pids: std::collections::BTreeSet<i64> = pids.map(|label| label.number).collect();
    assert_eq!(pids.len(), 2, "its two processes are told apart");
}

#[test]
fn the_output_of_a_command_is_its_own() {
    let project = Project::new(&[("x", "")]);
    let ran = project.run(&["record", "-q", "--", "sh", "-c", "echo out; echo err >&2"]);
    ran.succeeds();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("out\n", "err\n"));
}
