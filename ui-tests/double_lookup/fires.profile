types samples cpu
work 30 300 | main; positions @ "positions.contains_key"; std::collections::hash::map::HashMap<K,V,S>::contains_key; core::hash::BuildHasher::hash_one
work 20 200 | main; lists @ "lists.contains_key"; alloc::collections::btree::map::BTreeMap<K,V,A>::contains_key; alloc::collections::btree::search::search_tree
work 20 200 | main; distinct @ "seen.contains"; std::collections::hash::set::HashSet<T,S>::contains; core::hash::BuildHasher::hash_one
work 10 100 | main; Stock::take @ "self.amounts.contains_key"; std::collections::hash::map::HashMap<K,V,S>::contains_key; core::hash::BuildHasher::hash_one
work 10 100 | main; Stock::forget @2 "self.amounts.contains_key"; std::collections::hash::map::HashMap<K,V,S>::contains_key; core::hash::BuildHasher::hash_one
work 10 100 | main; Stock::put @2 "self.amounts.get_mut"; std::collections::hash::map::HashMap<K,V,S>::get_mut; core::hash::BuildHasher::hash_one
