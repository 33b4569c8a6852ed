types samples cpu
build 30 300 | main; list @ "list.push_str"; alloc::string::String::push_str; alloc::raw_vec::finish_grow
build 30 300 | main; upper @ "upper.push"; alloc::string::String::push; alloc::raw_vec::finish_grow
build 20 200 | main; hex @ "write!"; core::fmt::Write::write_fmt; alloc::string::String::write_str; alloc::raw_vec::finish_grow
build 20 200 | main; joined @ "joined.extend"; alloc::vec::Vec<T,A>::extend_from_slice; alloc::raw_vec::finish_grow
