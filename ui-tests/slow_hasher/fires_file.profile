types samples cpu
work 30 300 | main; Graph::reached @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 70 700 | main; Graph::reached @ "self.edges.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
