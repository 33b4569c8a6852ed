types samples cpu
work 30 300 | main; limits @ "word.to_lowercase"; alloc::str::<impl str>::to_lowercase; __rust_alloc
work 30 300 | main; is_key @2 "word.to_lowercase"; alloc::str::<impl str>::to_lowercase; __rust_alloc
work 20 200 | main; differs @ "name.to_ascii_uppercase"; alloc::str::<impl str>::to_ascii_uppercase; __rust_alloc
work 20 200 | main; same @ "a.to_ascii_lowercase"; alloc::str::<impl str>::to_ascii_lowercase; __rust_alloc
