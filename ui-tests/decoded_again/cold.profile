types samples cpu
work 2 2 | main; setting @ "String::from_utf8_lossy"; __rust_alloc
work 998 998 | main; work @ "number % 7"
