types samples cpu
work 2 2 | main; is_kind @ "kind.to_string"; alloc::string::ToString::to_string; malloc
work 998 998 | main; work @ "number % 7"
