types samples cpu
work 2 2 | main; settings @ "line.clone"; alloc::slice::to_vec; __rust_alloc
work 998 998 | main; work @ "number % 7"
