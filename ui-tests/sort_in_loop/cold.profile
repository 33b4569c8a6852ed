types samples cpu
sort 1 1 | main; by_lower @ "words.sort_by_key"; alloc::slice::<impl [T]>::sort_by_key
sort 999 999 | main; by_lower @ "word.push"
