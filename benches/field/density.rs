//! How often the tool speaks on code that nobody profiled.

use std::fs;

use walkdir::WalkDir;

use crate::crates::{Crate, perf};

/// Findings per 1,000 lines, by crate and in all.
pub fn density(crates: &[Crate]) -> Result<(), String> {
    println!("{:<24} {:>8} {:>8} {:>8}", "crate", "lines", "default", "--all");
    let (mut lines, mut shown, mut all) = (0, 0, 0);
    for one in crates {
        let here = (count_lines(one), findings(one, &[])?, findings(one, &["--all"])?);
        let name = format!("{} {}", one.name, one.version);
        println!("{name:<24} {:>8} {:>8} {:>8}", here.0, here.1, here.2);
        lines += here.0;
        shown += here.1;
        all += here.2;
    }
    println!("{:<24} {lines:>8} {shown:>8} {all:>8}", "total");
    let per_thousand = |n: usize| 1000.0 * n as f64 / lines.max(1) as f64;
    println!(
        "{:<24} {:>8} {:>8.3} {:>8.3}",
        "per 1,000 lines",
        "",
        per_thousand(shown),
        per_thousand(all)
    );
    Ok(())
}

/// The findings shown by default, in full.
pub fn sample(crates: &[Crate]) -> Result<(), String> {
    for one in crates {
        let output = perf(one, &["check", "--from", "none", "--workspace"])?;
        println!("==== {} {}", one.name, one.version);
        println!("{}", String::from_utf8_lossy(&output.stdout));
        print!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn findings(one: &Crate, more: &[&str]) -> Result<usize, String> {
    let mut args = vec!["check", "--from", "none", "--message-format", "json"];
    args.extend(more);
    let output = perf(one, &args)?;
    if !output.status.success() {
        return Err(format!(
            "{}: check ended with {}: {}",
            one.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter(|line| line.contains("\"compiler-message\"")).count())
}

fn count_lines(one: &Crate) -> usize {
    WalkDir::new(&one.folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"))
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .map(|text| text.lines().count())
        .sum()
}
