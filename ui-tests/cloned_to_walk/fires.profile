types samples cpu
work 30 300 | main; total @ "weights.clone"; alloc::vec::Vec<T,A>::clone; alloc::slice::to_vec; __rust_alloc
work 30 300 | main; joined @ "names.to_vec"; alloc::slice::to_vec; __rust_alloc
work 20 200 | main; used @ "subs.clone"; std::collections::hash::map::HashMap<K,V,S>::clone; __rust_alloc
work 20 200 | main; neighbours @ "graph.get"; core::option::Option<&T>::cloned; alloc::slice::to_vec; __rust_alloc
work 20 200 | main; weights @ "of.get"; core::option::Option<&T>::cloned; alloc::slice::to_vec; __rust_alloc
