//! What a package still holds when its benches are done.

use std::fs;

use cargo_perf::formats;

use crate::Case;
use crate::copy::target;

/// Bytes in use at the end of the last recording, of what each case's bench allocated; `None` for
/// cases of another kind.
pub fn at_end(cases: &[&Case]) -> Result<Vec<Option<i64>>, String> {
    let path = target().join("build/perf/profile.pb.gz");
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let profile = formats::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let column = profile.sample_type("inuse_space").ok_or("no memory in use was recorded")?;
    let held = |case: &&Case| {
        let samples = profile.samples.iter();
        let of_bench = samples.filter(|sample| sample.label("bench") == Some(&*case.bench));
        case.held.then(|| of_bench.filter_map(|sample| sample.values.get(column)).sum())
    };
    Ok(cases.iter().map(held).collect())
}
