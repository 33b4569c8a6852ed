//! Flame graphs and call graphs: well-formed, harmless, and with the profile's proportions.

use std::fs;

use cargo_perf::exit::Exit;
use cargo_perf::formats::pprof;
use cargo_perf::model::profile::{Label, Profile};

use crate::browser;
use crate::run::{cargo_perf, fixture};

fn hostile() -> Profile {
    let mut profile = pprof::read(&fs::read(fixture("pprof/cpu.pb.gz")).unwrap()).unwrap();
    let names = [
        "<script>alert(1)</script>",
        "]]></script><svg onload=alert(1)>",
        "\" onclick=\"alert(1)",
        "a\u{202e}b\x1b[31m\0",
        "&lt;b&gt;",
    ];
    for (function, name) in profile.functions.iter_mut().zip(names.iter().cycle()) {
        function.name = format!("{name}{}", function.name);
        function.filename = format!("</title>{name}");
    }
    profile.functions[3].name = "m".repeat(1 << 20);
    profile.mappings[0].filename = "/bin/<img src=x>".to_owned();
    profile
}

fn draw(args: &[&str], from: &str) -> String {
    let mut all = args.to_vec();
    all.extend(["--from", from]);
    let ran = cargo_perf(&all);
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
    ran.out
}

#[test]
fn hostile_names_are_text_in_every_drawing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hostile.pb.gz");
    pprof::write(&hostile(), fs::File::create(&path).unwrap()).unwrap();
    let from = path.display().to_string();
    for (args, scripts) in [
        (&["flamegraph"][..], 1),
        (&["flamegraph", "--icicle", "--lines"], 1),
        (&["export", "--format", "svg"], 0),
    ] {
        let svg = draw(args, &from);
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        let count = |name: &str| {
            document.descendants().filter(|node| node.tag_name().name() == name).count()
        };
        assert_eq!(count("script"), scripts);
        assert_eq!(count("svg"), 1);
        let handler = |node: &roxmltree::Node<'_, '_>| {
            node.attributes().any(|attribute| attribute.name().starts_with("on"))
        };
        assert!(!document.descendants().any(|node| handler(&node)));
        assert!(svg.contains("&lt;script&gt;alert(1)"));
        assert!(!svg.contains(['\x1b', '\u{202e}', '\0']));
        assert!(svg.len() < 2 << 20, "{}", svg.len());
    }
}

#[test]
fn hostile_units_and_labels_stay_within_their_quotes() {
    let mut profile = pprof::read(&fs::read(fixture("pprof/cpu.pb.gz")).unwrap()).unwrap();
    let unit = "x\" shape=\"star";
    for kind in &mut profile.sample_types {
        kind.unit = unit.to_owned();
    }
    for sample in &mut profile.samples {
        let mut label = Label::text("bytes", "");
        (label.number, label.unit) = (7, unit.to_owned());
        sample.labels = vec![label];
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hostile.pb.gz");
    pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
    let dot = draw(&["export", "--format", "dot"], &path.display().to_string());
    assert!(dot.contains("x\\\" shape=\\\"star"), "{dot}");
    assert!(!dot.contains("x\" shape"), "{dot}");
}

#[test]
fn frames_stand_on_their_callers_and_are_as_wide_as_their_share() {
    let svg = draw(&["flamegraph"], &fixture("pprof/cpu.pb.gz").display().to_string());
    let document = roxmltree::Document::parse(&svg).unwrap();
    let mut found = 0;
    for frame in document.descendants().filter(|node| node.has_attribute("data-d")) {
        let title = frame.first_element_child().and_then(|title| title.text()).unwrap_or_default();
        let rect = frame.children().find(|node| node.tag_name().name() == "rect").unwrap();
        let percent = |name: &str| -> f64 {
            rect.attribute(name).unwrap().trim_end_matches('%').parse().unwrap()
        };
        let width = percent("width");
        if title.starts_with("main.words ") {
            assert!((width - 76.7857).abs() < 0.001, "{title} {width}");
            assert!(title.contains("430ms, 76.79%"), "{title}");
            found += 1;
        }
        assert!(percent("x") + width <= 100.001);
    }
    assert_eq!(found, 1);
}

#[test]
fn a_difference_is_coloured_and_told() {
    let [old, new] = ["heap", "allocs"]
        .map(|name| fixture(&format!("pprof/{name}.pb.gz")).display().to_string());
    let args =
        ["flamegraph", "--sample-index", "inuse_space", "--diff-base", &old, "--divide-by=2"];
    let svg = draw(&args, &new);
    assert!(svg.contains(" before; red grew, blue shrank"));
    assert!(svg.contains("against before"));
}

#[test]
fn zoom_and_search_work_in_a_browser() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("flame.svg");
    let svg = draw(&["flamegraph"], &fixture("pprof/cpu.pb.gz").display().to_string());
    let act = r##"<script><![CDATA[
      var seen = [];
      var svg = document.documentElement;
      var frames = Array.prototype.slice.call(document.querySelectorAll("#frames g"));
      var named = function (name) {
        return frames.filter(function (g) { return g.querySelector("title").textContent.indexOf(name + " (") === 0; })[0];
      };
      var width = function (g) { return Math.round(parseFloat(g.querySelector("rect").getAttribute("width"))); };
      seen.push("before " + width(named("main.words")));
      named("main.words").querySelector("rect").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      seen.push("zoomed " + width(named("main.words")));
      seen.push("gone " + named("main.fib").classList.contains("gone"));
      document.getElementById("reset").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      seen.push("after " + width(named("main.words")));
      window.prompt = function () { return "^main\\.words$"; };
      document.getElementById("search").dispatchEvent(new MouseEvent("click", { bubbles: true }));
      seen.push(document.getElementById("matched").textContent);
      svg.setAttribute("data-seen", seen.join("|"));
    ]]></script></svg>"##;
    let page_text = svg.trim_end().strip_suffix("</svg>").unwrap().to_owned() + act;
    fs::write(&page, page_text).unwrap();
    let Some(dom) = browser::open(&page) else { return };
    assert!(
        dom.contains("before 77|zoomed 100|gone true|after 77|Matched: 76.8%"),
        "{}",
        &dom[..dom.len().min(2000)]
    );
}
