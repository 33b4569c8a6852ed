//! What a profile says of places in the source.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_perf::model::profile::Profile;
use cargo_perf::source::file::{Role, SourceFile};
use cargo_perf::source::heat::{Heat, Quantity, Region};

use super::profile_text;

const SOURCE: &str = "fn outer() {\n    for x in y { inner(x); }\n    other();\n}\n";

fn measured(text: &str) -> Profile {
    profile_text::profile(text, "/work/src/lib.rs", SOURCE)
}

fn laid(profile: &Profile) -> Heat<'_> {
    laid_over(profile, SOURCE)
}

fn laid_over<'p>(profile: &'p Profile, source: &str) -> Heat<'p> {
    let path = PathBuf::from("src/lib.rs");
    let file = SourceFile::new(path, source.to_owned(), Role::Product, Arc::default());
    Heat::new(profile, Path::new("/work"), &[file])
}

fn lines(first: u32, last: u32) -> Region {
    Region { file: 0, start: (first, 1), end: (last + 1, 1) }
}

fn shares(heat: &Heat<'_>, region: &Region) -> Vec<(String, f64)> {
    let costs = heat.at(std::slice::from_ref(region)).costs(Quantity::Cpu).unwrap();
    costs.iter().map(|cost| (cost.bench.to_owned(), cost.share())).collect()
}

#[test]
fn a_span_knows_what_its_callees_cost_in_each_bench() {
    let profile = measured(
        "types samples cpu
         a 3 300 | main; outer @ \"inner(x)\"; std::inner
         a 1 100 | main; outer @ \"other()\"
         b 5 500 | main; outer @ \"other()\"",
    );
    let heat = laid(&profile);
    assert_eq!(shares(&heat, &lines(2, 2)), [("a".into(), 0.75), ("b".into(), 0.0)]);
    assert_eq!(shares(&heat, &lines(1, 4)), [("a".into(), 1.0), ("b".into(), 1.0)]);
    let own = heat.at(&[lines(1, 4)]).own().costs(Quantity::Cpu).unwrap();
    assert_eq!((own[0].value, own[1].value), (100, 500));
    assert_eq!(heat.at(&[lines(2, 3)]).samples(), [4, 5]);
}

#[test]
fn what_a_macro_of_the_workspace_expands_to_counts_where_it_is_called() {
    let source = "macro_rules! put {\n    ($x:expr) => { inner($x) };\n}\nfn outer() {\n    \
                  for x in y {\n        put!(x);\n    }\n}\n";
    let text = "types samples cpu
         a 3 300 | main; outer @ \"inner($x)\"; std::inner
         a 1 100 | main; other @ \"inner($x)\"";
    let profile = profile_text::profile(text, "/work/src/lib.rs", source);
    let heat = laid_over(&profile, source);
    assert_eq!(shares(&heat, &lines(5, 7)), [("a".into(), 0.75)], "the loop around the call");
    assert_eq!(shares(&heat, &lines(1, 3)), [("a".into(), 0.25)], "of `other` no call is known");
    let way = heat.at(&[lines(6, 6)]).costliest_way(Quantity::Cpu);
    assert_eq!((way[0].line, way[0].function.as_str()), (6, "outer"));
}

#[test]
fn counts_are_as_rough_as_the_stacks_are_few() {
    let profile = measured(
        "bench a alloc_samples=20
         types alloc_objects alloc_space
         a 100 5000 | main; outer @ \"inner(x)\"
         a 300 15000 | main; outer @ \"other()\"
         b 7 70 | main; outer @ \"inner(x)\"",
    );
    let heat = laid(&profile);
    let errors = |first, last| {
        let measured = heat.at(&[lines(first, last)]);
        measured.count_errors(Quantity::Allocations, Quantity::Bytes).unwrap()
    };
    // A quarter of twenty stacks: five of them, of a binomial distribution.
    assert!((errors(2, 2)[0].unwrap() - (0.75_f64 / 5.0).sqrt()).abs() < 1e-9);
    assert_eq!(errors(1, 4)[0], Some(0.0), "the total is counted");
    assert_eq!(errors(2, 2)[1], None, "nobody said how many stacks were taken");
}

#[test]
fn a_stack_counts_once_however_often_it_passes() {
    let profile = measured(
        "types samples cpu
         a 2 200 | main; outer @ \"inner(x)\"; outer @ \"inner(x)\"; outer @ \"other()\"",
    );
    let heat = laid(&profile);
    assert_eq!(shares(&heat, &lines(1, 4)), [("a".into(), 1.0)]);
    assert_eq!(shares(&heat, &lines(3, 3)), [("a".into(), 1.0)]);
    assert_eq!(heat.at(&[lines(2, 2)]).own().samples(), [0]);
}

#[test]
fn only_frames_below_the_span_bear_witness() {
    let profile = measured(
        "types samples cpu
         a 2 200 | main; outer @ \"inner(x)\"; regex::Regex::new; malloc
         a 1 100 | regex::Regex::new; outer @ \"inner(x)\"
         a 4 400 | main; outer @ \"other()\"; regex::Regex::new",
    );
    let heat = laid(&profile);
    let below = heat.at(&[lines(2, 2)]).below(|name| name.ends_with("Regex::new"));
    assert_eq!(below.costs(Quantity::Cpu).unwrap()[0].value, 200);
}

#[test]
fn a_call_made_by_the_span_is_told_from_one_further_below() {
    let profile = measured(
        "types samples cpu
         a 2 200 | main; outer @ \"inner(x)\"; Vec::push; RawVec::grow_one
         a 1 100 | main; outer @ \"inner(x)\"; parse; Vec::push; RawVec::grow_one",
    );
    let heat = laid(&profile);
    let own = heat.at(&[lines(2, 2)]).through(|name| name.ends_with("Vec::push"));
    assert_eq!(own.below(|name| name.contains("grow")).samples(), [2]);
}

#[test]
fn what_was_not_measured_is_none() {
    let profile = measured("types samples cpu\n a 1 100 | outer @ \"inner(x)\"");
    let heat = laid(&profile);
    assert!(heat.at(&[lines(1, 4)]).costs(Quantity::Growths).is_none());
    assert!(!heat.has(Quantity::LockDelay));
}

#[test]
fn a_column_tells_two_calls_on_a_line_apart() {
    let profile = measured(
        "types samples cpu
         a 1 100 | outer @ \"for x\"
         a 3 300 | outer @ \"inner(x)\"",
    );
    let heat = laid(&profile);
    let from = SOURCE.lines().nth(1).unwrap().find("inner").unwrap() as u32 + 1;
    let call = Region { file: 0, start: (2, from), end: (2, from + 8) };
    assert_eq!(shares(&heat, &call), [("a".into(), 0.75)]);
}

#[test]
fn a_function_has_one_name_in_both_manglings() {
    let profile = measured(
        "types samples cpu
         a 1 100 | outer @ \"inner(x)\"; globset::glob::Glob::new; malloc
         a 1 100 | outer @ \"inner(x)\"; <globset::glob::Glob>::new; malloc
         a 1 100 | outer @ \"inner(x)\"; <T as core::convert::Into<U>>::into::<U>; malloc",
    );
    let heat = laid(&profile);
    let at = heat.at(&[lines(1, 4)]);
    let samples = |test| at.through(test).samples();
    assert_eq!(samples(|name| name.starts_with("globset::glob::Glob::new")), [2]);
    assert_eq!(samples(|name| name.ends_with("::into")), [1]);
}

#[test]
fn sums_beyond_all_numbers_stay_at_the_largest() {
    let most = i64::MAX;
    let profile = measured(&format!(
        "types samples cpu
         a {most} {most} | main; outer @ \"inner(x)\"
         a {most} {most} | main; outer @ \"other()\""
    ));
    let heat = laid(&profile);
    let through = heat.at(&[lines(1, 4)]);
    assert_eq!(through.costs(Quantity::Cpu).unwrap()[0].value, most);
    assert_eq!(through.samples(), [2 * most as u64]);
    assert_eq!(through.costliest_way(Quantity::Cpu)[0].share, 1.0);
}
