//! The report: one file that loads nothing, says what there is, and works in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use cargo_perf::exit::Exit;
use cargo_perf::formats::pprof;
use cargo_perf::model::profile::*;
use cargo_perf::model::timeline::*;

use crate::browser;
use crate::random::Numbers;
use crate::run::cargo_perf;

const SOURCE: &str = "use regex::Regex;\n\
\n\
pub fn is_word(text: &str) -> bool {\n\
    let word = Regex::new(r\"^[a-z]+$\").unwrap(); // </script><b>\n\
    word.is_match(text)\n\
}\n";

/// A workspace with a finding, and a profile that shows its cost.
pub fn workspace() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    fs::create_dir(root.join("src")).unwrap();
    let manifest =
        "[package]\nname = \"words\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    fs::write(root.join("src/lib.rs"), SOURCE).unwrap();
    let path = root.join("profile.pb.gz");
    pprof::write(&profile(&root), fs::File::create(&path).unwrap()).unwrap();
    (dir, path)
}

fn profile(root: &Path) -> Profile {
    let function = |name: &str, file: String, start_line| Function {
        name: name.to_owned(),
        filename: file,
        start_line,
        ..Function::default()
    };
    let lib = root.join("src/lib.rs").display().to_string();
    let line = |function, line| Line { function, line, column: 1 };
    let location = |lines: Vec<Line>| Location { lines, ..Location::default() };
    Profile {
        sample_types: vec![
            ValueType::new("samples", "count"),
            ValueType::new("cpu", "nanoseconds"),
            ValueType::new("alloc_space", "bytes"),
        ],
        default_sample_type: Some(1),
        functions: vec![
            function("words::main", "bench.rs".to_owned(), 1),
            function("words::is_word", lib, 3),
            function(
                "regex::Regex::new",
                "/home/me/.cargo/registry/src/x/regex/lib.rs".to_owned(),
                9,
            ),
            function(
                "<img src=x onerror=alert(1)>",
                "/rustc/1/library/core/src/x.rs".to_owned(),
                1,
            ),
        ],
        locations: vec![
            location(vec![line(0, 2)]),
            // Where the call stands in the line.
            location(vec![Line { function: 1, line: 4, column: 16 }]),
            location(vec![line(1, 5)]),
            location(vec![line(2, 10)]),
            location(vec![line(3, 1)]),
        ],
        samples: vec![
            Sample {
                stack: vec![4, 3, 1, 0],
                values: vec![90, 90_000_000, 4096],
                labels: vec![Label::text("bench", "words")],
            },
            Sample {
                stack: vec![2, 0],
                values: vec![10, 10_000_000, 0],
                labels: vec![Label::text("bench", "</script>")],
            },
        ],
        benches: vec![BenchTotals {
            bench: "words".to_owned(),
            harness: "criterion".to_owned(),
            iterations: Some(1000),
            nanos: Some(100_000_000),
            cpu_samples: 100,
            ..BenchTotals::default()
        }],
        timeline: Some(timeline(root)),
        ..Profile::default()
    }
}

/// Two threads, of which one waits on the line of the finding.
fn timeline(root: &Path) -> Timeline {
    let cell = |slot, activity, nanos| Cell { slot, activity, nanos, place: Some(0) };
    let thread = |tid, name: &str, cells| ThreadTime { pid: 7, tid, name: name.to_owned(), cells };
    Timeline {
        slot_nanos: 1_000_000,
        slots: 10,
        threads: vec![
            thread(7, "main", vec![cell(0, Activity::Running, 1_000_000)]),
            thread(8, "<b>worker", vec![cell(4, Activity::Waiting, 500_000)]),
        ],
        left_out: 3,
        places: vec![Place {
            function: "words::is_word".to_owned(),
            file: root.join("src/lib.rs").display().to_string(),
            line: 4,
        }],
    }
}

/// What `compare` leaves.
const COMPARED: &str = r#"{"schema": 1, "base": "main", "head": "work", "comparisons": [
    {"name": {"package": "words", "target": "words", "bench": "is_word"},
     "time": {"verdict": "faster", "ratio": 0.5, "low": 0.45, "high": 0.55, "p": 0.001,
              "p_holm": 0.001, "pairs": 12, "more_pairs": null, "before": [2.0], "after": [1.0]},
     "exact": [{"unit": "allocs/op", "before": 71.0, "after": 0.0, "verdict": "less"}],
     "notes": []}]}"#;

fn report(profile: &Path) -> String {
    let manifest = profile.with_file_name("Cargo.toml").display().to_string();
    let from = profile.display().to_string();
    let ran = cargo_perf(&["report", "--manifest-path", &manifest, "--from", &from]);
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
    ran.out
}

#[test]
fn the_page_holds_everything_and_loads_nothing() {
    let (_dir, profile) = workspace();
    let html = report(&profile);
    for (count, what) in [(1, "<style>"), (2, "<script"), (0, "<link"), (0, "<img"), (0, "@import")]
    {
        assert_eq!(html.matches(what).count(), count, "{what}");
    }
    assert!(!html.contains("http://") || html.matches("http://").count() == 1); // the SVG namespace
    assert!(!html.contains("https://"));
    assert!(html.contains("default-src 'none'"));
    assert!(html.contains("recompiled_regex") && html.contains("words::is_word"));
}

#[test]
fn the_page_works_in_a_browser() {
    let (_dir, profile) = workspace();
    let left = profile.with_file_name("target").join("perf");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("compare.json"), COMPARED).unwrap();
    let html = report(&profile);
    let watch = "<script>var wrong = []; window.onerror = function (text) { wrong.push(text); };\
                 window.alert = function () { wrong.push('alert'); };</script></head>";
    let act = r##"<script>
      var seen = [], by = function (id) { return document.getElementById(id); };
      var frame = function (name) {
        return Array.from(document.querySelectorAll("#graph div")).filter(function (div) { return div.textContent.indexOf(name) >= 0; })[0];
      };
      seen.push("ready " + document.documentElement.dataset.ready);
      seen.push("marked " + frame("words::is_word").classList.contains("marked"));
      seen.push("width " + Math.round(parseFloat(frame("regex::Regex::new").style.width)));
      seen.push("folded " + !frame("<img"));
      by("fold").click();
      seen.push("unfolded " + !!frame("<img"));
      frame("regex::Regex::new").click();
      seen.push("zoomed " + Math.round(parseFloat(frame("regex::Regex::new").style.width)));
      by("reset").click();
      by("search").value = "regex::.*new"; by("search").dispatchEvent(new Event("input"));
      seen.push(by("matched").textContent);
      seen.push("hit " + frame("regex::Regex::new").classList.contains("hit"));
      by("bench").value = 2; by("bench").dispatchEvent(new Event("change"));
      seen.push("bench " + !frame("regex::Regex::new"));
      by("bench").value = 0; by("bench").dispatchEvent(new Event("change"));
      document.querySelector("#finding-0 a").click();
      var row = document.querySelector("#listing tr.at");
      seen.push("line " + row.id + " " + row.querySelector(".flag").textContent);
      seen.push("cost " + row.querySelectorAll("td.n")[1].textContent);
      seen.push("beside " + row.querySelectorAll("td.n")[2].textContent);
      var worker = document.querySelectorAll("#threads svg")[1];
      worker.focus();
      for (var i = 0; i < 4; i++) worker.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      seen.push(by("moment").textContent);
      by("moment").querySelector("a").click();
      seen.push("waits " + document.querySelector("#listing tr.at").id);
      seen.push("compared " + by("compared").textContent + document.querySelectorAll("#compared svg").length);
      seen.push("images " + document.images.length);
      seen.push("wrong " + wrong.join(","));
      document.body.textContent = seen.join("|");
    </script></body>"##;
    let page = profile.with_file_name("page.html");
    fs::write(&page, html.replacen("</head>", watch, 1).replace("</body>", act)).unwrap();
    let Some(dom) = browser::open(&page) else { return };
    // Without a word of an error behind it.
    let seen = dom.split("<body>").nth(1).unwrap_or_default();
    assert!(
        seen.starts_with(
            "ready yes|marked true|width 90|folded true|unfolded true|zoomed 100|matched 90.0%|\
             hit true|bench true|line L4 ⚑|cost 90.0ms 90.0%|beside 4.00kB|\
             &lt;b&gt;worker (8) at 4.00ms: waiting for a lock or thread 50.0% in words::is_word \
             (src/lib.rs:4)|waits L4|compared words/is_wordfaster -50.00% [-55.00%, -45.00%] (12 pairs)\
             allocs/op: 71 → 0before = 11|images 0|wrong \n"
        ),
        "{seen}"
    );
}

#[test]
fn a_hundred_thousand_samples_fit_into_five_megabytes() {
    let (_dir, path) = workspace();
    let mut numbers = Numbers::of(7);
    let mut profile = profile(path.parent().unwrap());
    for at in 0..3000 {
        let name = format!("some_crate::module_{}::function_{at}::{{{{closure}}}}", at % 40);
        profile.functions.push(Function { name, ..Function::default() });
        let function = profile.functions.len() as u32 - 1;
        let line = Line { function, line: 1 + at % 900, column: 0 };
        profile.locations.push(Location { lines: vec![line], ..Location::default() });
    }
    for _ in 0..100_000 {
        // Stacks that part the later the closer to the root, as those of programs do.
        let mut at = 0;
        let stack: Vec<u32> = (0..24)
            .map(|depth| {
                at = (at * 7 + numbers.below(2 + depth / 6)) % 3000;
                5 + at as u32
            })
            .collect();
        let stack = stack.into_iter().rev().collect();
        profile.samples.push(Sample { stack, values: vec![1, 1_000_000, 0], labels: vec![] });
    }
    pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
    let html = report(&path);
    assert!(html.len() < 5_000_000, "{}", html.len());
}
