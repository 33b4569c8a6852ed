types samples cpu alloc_objects
build 50 500 0 | main; index @ "index.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash
build 30 300 0 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash
build 20 200 0 | main; seen @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash
size 1 10 100 bytes=116 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 100 bytes=216 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 90 bytes=416 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 10 bytes=816 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 10 bytes=1616 | main; counts @ "counts.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 100 bytes=116 | main; lines_of @ "lines_of.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 140 bytes=216 | main; lines_of @ "lines_of.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 90 bytes=416 | main; lines_of @ "lines_of.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 80 bytes=816 | main; lines_of @ "lines_of.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 30 bytes=1616 | main; lines_of @ "lines_of.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 4 bytes=116 | main; ordered @ "ordered.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 4 bytes=216 | main; ordered @ "ordered.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 4 bytes=416 | main; ordered @ "ordered.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 4 bytes=816 | main; ordered @ "ordered.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
size 1 10 4 bytes=1616 | main; ordered @ "ordered.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; hashbrown::raw::RawTable<T,A>::reserve_rehash; hashbrown::raw::RawTableInner::new_uninitialized; malloc
