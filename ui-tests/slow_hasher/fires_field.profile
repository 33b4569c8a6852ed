types samples cpu
work 20 200 | main; degrees @ "degrees.entry"; std::collections::hash::map::HashMap<K,V,S>::entry; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 30 300 | main; Ways::add @ "self.best[place].insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 20 200 | main; Ways::add @ "self.last.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 20 200 | main; Ways::add @ "self.shown.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 10 100 | main; run @ "lengths.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 10 100 | main; run @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 10 100 | main; Ways::add @ "self.begun.insert"; std::collections::hash::map::HashMap<K,V,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
