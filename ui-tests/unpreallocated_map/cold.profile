types samples cpu
build 995 995 | main; index @ "index.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one
build 5 5 | main; index @ "index.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash
