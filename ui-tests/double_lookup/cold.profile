types samples cpu
work 2 2 | main; options @ "options.contains_key"; std::collections::hash::map::HashMap<K,V,S>::contains_key; core::hash::BuildHasher::hash_one
work 998 998 | main; work @ "number % 7"
