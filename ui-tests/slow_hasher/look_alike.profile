types samples cpu
work 90 900 | main; sorted @ "prices.get"; alloc::collections::btree::map::BTreeMap<K,V,A>::get
work 10 100 | main; chosen @2 "prices.get"; std::collections::hash::map::HashMap<K,V,S>::get; core::hash::sip::Hasher<S>::write
