types samples cpu
found 40 400 | main; found @ "collect::<HashSet<_>>()"; core::iter::traits::iterator::Iterator::collect; <std::collections::hash::set::HashSet<T,S> as core::iter::traits::collect::FromIterator<T>>::from_iter; core::hash::BuildHasher::hash_one; core::hash::sip::Hasher<S>::write
found 60 600 | main; found @ "count()"; core::iter::traits::iterator::Iterator::count
