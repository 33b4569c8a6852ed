types samples cpu
work 30 300 | main; port @ "format!"; alloc::fmt::format; __rust_alloc
work 30 300 | main; shown @ "id.to_string"; alloc::string::ToString::to_string; __rust_alloc
work 20 200 | main; label @ "String::from"; alloc::string::String::from; __rust_alloc
work 20 200 | main; number @ "format!"; alloc::fmt::format; __rust_alloc
work 20 200 | main; shown_or_count @ "count.to_string"; alloc::fmt::format; __rust_alloc
work 20 200 | main; tag @ "name.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; parsed @ "word.to_string"; alloc::fmt::format; __rust_alloc
