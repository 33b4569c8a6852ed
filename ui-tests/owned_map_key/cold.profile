types samples cpu
work 999 999 | main; known @ "map.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::BuildHasher::hash_one
work 1 1 | main; known @ "format!"; alloc::fmt::format; malloc
