bench lines iterations=10 alloc_objects=200 alloc_space=6400
types samples cpu alloc_objects alloc_space
lines 20 200 50 1000 | main; keys @ "key.push_str"; alloc::string::String::push_str; alloc::raw_vec::finish_grow; realloc
lines 20 200 50 1000 | main; checksum @ "let mut block"; alloc::vec::from_elem; calloc
lines 20 200 50 1000 | main; widths @ "let mut text"; alloc::string::String::with_capacity; malloc
lines 20 200 50 1000 | main; mixed @ "let mut mixed"; alloc::vec::Vec<T>::with_capacity; malloc
lines 20 200 50 1000 | main; gaps @ "let mut gaps"; alloc::vec::Vec<T>::with_capacity; malloc
lines 20 200 50 1000 | main; distinct @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; malloc
lines 20 200 50 1000 | main; initials @ "initials.extend"; alloc::vec::Vec<T,A>::extend; alloc::raw_vec::finish_grow; realloc
lines 20 200 50 1000 | main; depth @ "parts.extend"; alloc::vec::Vec<T,A>::extend; alloc::raw_vec::finish_grow; realloc
salted 20 200 50 1000 | main; salted @ "let mut temp"; alloc::vec::Vec<T>::with_capacity; malloc
