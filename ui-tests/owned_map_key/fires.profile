types samples cpu
rates 40 400 | main; total @ "format!"; alloc::fmt::format; alloc::fmt::format::format_inner; malloc
rates 40 400 | main; count @ "word.to_string"; alloc::string::ToString::to_string; malloc
rates 20 200 | main; listed @ "word.clone"; alloc::string::String::clone; malloc
rates 40 400 | main; parts @ "part.to_string"; alloc::string::ToString::to_string; malloc
