types samples cpu
longest 996 996 | main; longest @ "words.extend"; alloc::vec::Vec<T,A>::extend; slow @ "word.as_bytes()[at]"
longest 4 4 | main; longest @ "words.extend"; alloc::vec::Vec<T,A>::extend; alloc::raw_vec::finish_grow; realloc
