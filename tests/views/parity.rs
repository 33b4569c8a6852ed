//! The numbers, rows, order and header lines are pprof's, byte for byte.
//!
//! `NAME.args` holds pprof's arguments and `NAME.out` what it printed.

use std::fs;

use cargo_perf::exit::Exit;

use crate::run::{cargo_perf, fixture};

/// pprof's arguments as ours: the view becomes the subcommand, options get a second dash.
fn translate(args: &str) -> Vec<String> {
    let mut view = Vec::new();
    let mut options = Vec::new();
    let file = |name: &str| fixture("pprof").join(name).display().to_string();
    let mut words = args.split_whitespace();
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix('-') else {
            options.extend(["--from".to_owned(), file(word)]);
            continue;
        };
        let strings = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match option.split_once('=') {
            Some((name @ ("base" | "diff_base"), value)) => {
                options.extend([format!("--{name}"), file(value)]);
            }
            Some(("output", _)) => {}
            Some(_) => options.push(format!("--{option}")),
            None => match option {
                "top" | "tree" | "traces" => view = strings(&[option]),
                "peek" => view = strings(&["peek", words.next().unwrap_or_default()]),
                "raw" | "dot" | "callgrind" => view = strings(&["export", "--format", option]),
                other => options.push(format!("--{other}")),
            },
        }
    }
    view.extend(options);
    view
}

#[test]
fn every_stored_view_is_reproduced_byte_for_byte() {
    let mut compared = 0;
    let mut names: Vec<_> = fs::read_dir(fixture("pprof"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".args")) {
        let read = |file: String| fs::read_to_string(fixture("pprof").join(file)).unwrap();
        let args = translate(&read(format!("{name}.args")));
        let output =
            if name == "callgrind" { "callgrind.txt".into() } else { format!("{name}.out") };
        let expected = read(output);
        let ran = cargo_perf(&args);
        assert_eq!(ran.exit, Exit::Clean, "{name}: {}", ran.err);
        if ran.out != expected {
            let difference =
                ran.out.lines().zip(expected.lines()).find(|(ours, theirs)| ours != theirs);
            wrong.push(format!("{name}: {difference:#?}"));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(compared, 27);
}
