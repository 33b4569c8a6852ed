types samples cpu growths alloc_objects
build 30 300 0 0 | main; list @ "list.push_str"; alloc::string::String::push_str; alloc::raw_vec::finish_grow
build 30 300 0 0 | main; upper @ "upper.push"; alloc::string::String::push; alloc::raw_vec::finish_grow
build 20 200 0 0 | main; hex @ "write!"; core::fmt::Write::write_fmt; alloc::string::String::write_str; alloc::raw_vec::finish_grow
build 20 200 30 0 bytes=64 | main; joined @ "joined.extend"; alloc::vec::Vec<T,A>::extend_from_slice; alloc::raw_vec::finish_grow; realloc
build 5 50 0 10 bytes=8 | main; joined @ "joined.extend"; alloc::vec::Vec<T,A>::extend_from_slice; alloc::raw_vec::finish_grow; malloc
build 20 200 0 0 | main; lines @ "lines.push_str"; alloc::string::String::push_str; alloc::raw_vec::finish_grow
