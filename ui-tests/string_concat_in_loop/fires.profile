types samples cpu
query 40 400 | main; Query::with_all @ "self.text += "; alloc::fmt::format; alloc::fmt::format::format_inner; malloc
query 40 400 | main; Query::with_numbers @ "number.to_string()"; alloc::string::ToString::to_string
query 20 200 | main; cell @ "out.push_str"; alloc::fmt::format; alloc::fmt::format::format_inner
query 40 400 | main; prices @ "text = text"; alloc::fmt::format; alloc::fmt::format::format_inner; malloc
