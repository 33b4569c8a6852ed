types samples cpu
work 99 990 | main; total @ "prices.get"; std::collections::hash::map::HashMap<K,V,S>::get; hashbrown::raw::RawTable<T,A>::find
work 1 10 | main; total @ "prices.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::sip::Hasher<S>::write
