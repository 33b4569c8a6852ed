types samples cpu
longest 996 996 | main; longest @ "words.extend"; alloc::vec::Vec<T,A>::extend; slow @ "word.as_bytes()[at]"
longest 4 4 | main; longest @ "words.extend"; alloc::vec::Vec<T,A>::extend; alloc::raw_vec::finish_grow; realloc
nested 980 980 | main; nested @ "Vec::with_capacity(word.len() + 1)"; alloc::vec::Vec<T>::with_capacity; malloc
nested 20 20 | main; nested @ "let mut open"; alloc::vec::Vec<T>::with_capacity; malloc
