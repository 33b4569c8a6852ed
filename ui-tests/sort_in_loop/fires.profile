types samples cpu
sort 40 400 | main; medians @ "seen.sort_unstable"; core::slice::<impl [T]>::sort_unstable; core::slice::sort::unstable::sort
sort 20 200 | main; by_name @ "entries.sort_by_key"; alloc::slice::<impl [T]>::sort_by_key; core::slice::sort::stable::sort
sort 20 200 | main; by_lower @ "entries.sort_by(|a"; alloc::slice::<impl [T]>::sort_by; core::slice::sort::stable::sort
sort 10 100 | main; by_text @ "words.sort_by_key"; alloc::slice::<impl [T]>::sort_by_key; core::slice::sort::stable::sort
sort 10 100 | main; ordered @ "numbers.sort"; alloc::slice::<impl [T]>::sort; core::slice::sort::stable::sort
