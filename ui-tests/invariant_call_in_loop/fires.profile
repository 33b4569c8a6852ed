types samples cpu
find 30 300 | main; matching @ "wanted.to_lowercase"; alloc::str::<impl str>::to_lowercase
find 30 300 | main; above @ "limit.parse"; core::str::<impl str>::parse; core::num::from_str
find 20 200 | main; below_home @ "std::env::var"; std::env::var; alloc::alloc::alloc
find 20 200 | main; prefixed @ "format!"; alloc::fmt::format; core::fmt::write
