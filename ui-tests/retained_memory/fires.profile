types samples cpu inuse_space
kept 10 100 90000 | main; titles @ "title(page.to_vec())"; alloc::slice::to_vec; malloc
kept 10 100 90000 | main; Cache::fill @ "self.entries.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; malloc
kept 5 50 0 | main; Cache::expire @ "self.entries.clear()"; hashbrown::raw::RawTable<T,A>::clear
