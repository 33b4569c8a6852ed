types samples cpu growths growth_copied alloc_objects
lengths 900 900 190 19000 0 | main; lengths @ "expensive(word)"; expensive @ "text.push_str"; alloc::string::String::push_str; alloc::raw_vec::RawVec<T,A>::reserve; alloc::raw_vec::finish_grow
lengths 95 95 0 0 0 | main; lengths @ "expensive(word)"; expensive @ "text.push_str"; memcpy
lengths 5 5 1 8 0 | main; lengths @ "lengths.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
walk 10 500 0 0 0 | main; walked @ "walked.push(number)"
few 60 600 0 0 1000 | main; few @ "few.push(part)"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one; alloc::raw_vec::finish_grow; malloc
few 40 400 1 16 0 | main; few @ "few.push(part)"; alloc::vec::Vec<T,A>::push
