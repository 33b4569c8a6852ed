types samples cpu
work 30 300 | main; Prices::price @ "self.sold.contains"; std::collections::hash::set::HashSet<T,S>::contains; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 70 700 | main; Prices::price @ "self.prices.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
