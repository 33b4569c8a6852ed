types samples cpu
build 50 500 | main; index @ "index.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash
build 30 300 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash
build 20 200 | main; seen @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash
