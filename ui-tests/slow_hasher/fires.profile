types samples cpu
work 30 300 | main; distinct @ "seen.insert"; std::collections::hash::set::HashSet<T,S>::insert; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
work 70 700 | main; Prices::total @ "self.prices.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
letters 30 300 | main; letters @ "collect()"; core::iter::traits::iterator::Iterator::collect; <std::collections::hash::set::HashSet<T,S> as core::iter::traits::collect::FromIterator<T>>::from_iter; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
letters 70 700 | main; letters @ "letter.is_alphabetic"; core::char::methods::<impl char>::is_alphabetic
