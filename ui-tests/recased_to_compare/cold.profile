types samples cpu
work 2 2 | main; is_on @ "setting.to_lowercase"; alloc::str::<impl str>::to_lowercase; __rust_alloc
work 998 998 | main; work @ "number % 7"
