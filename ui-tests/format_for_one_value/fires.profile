types samples cpu
work 20 200 | main; fmt @ "format!("{}/{}"; alloc::fmt::format; alloc::raw_vec::finish_grow
work 20 200 | main; line @ "format!("{point}"; alloc::fmt::format; alloc::raw_vec::finish_grow
work 20 200 | main; line @ "number.to_string().as_bytes"; alloc::string::ToString::to_string; malloc
work 10 100 | main; line @2 "number.to_string()"; alloc::string::ToString::to_string; malloc
work 20 200 | main; title @ "format!("no."; alloc::fmt::format; alloc::raw_vec::finish_grow
work 10 100 | main; is_numbered @3 "number.to_string()"; alloc::string::ToString::to_string; malloc
