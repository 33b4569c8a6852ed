types samples cpu
find 1 1 | main; count @ "wanted.to_uppercase"; alloc::str::<impl str>::to_uppercase
find 999 999 | main; count @ "for name in"
