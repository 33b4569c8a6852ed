types samples cpu
work 2 2 | main; usage @ "count.to_string"; alloc::string::ToString::to_string; malloc
work 998 998 | main; work @ "number % 7"
