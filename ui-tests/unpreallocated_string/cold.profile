types samples cpu
build 995 995 | main; list @ "name.replace"; alloc::str::replace
build 5 5 | main; list @ "list.push_str"; alloc::string::String::push_str; alloc::raw_vec::finish_grow
