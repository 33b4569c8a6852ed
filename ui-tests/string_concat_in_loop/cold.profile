types samples cpu
work 2 2 | main; header @ "text += "; alloc::fmt::format
work 2 2 | main; header @ "text = format!"; alloc::fmt::format
work 996 996 | main; work @ "line.len()"
