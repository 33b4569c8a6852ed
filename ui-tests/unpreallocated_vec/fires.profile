bench fill iterations=10 growths=70 growth_copied=4000 alloc_objects=10
types samples cpu growths growth_copied alloc_objects
fill 60 600 40 2000 0 | main; squares @ "squares.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one; alloc::raw_vec::finish_grow; realloc
fill 20 200 20 1000 0 | main; pairs @ "pairs.push_back((at, "; alloc::collections::vec_deque::VecDeque<T,A>::push_back; alloc::collections::vec_deque::VecDeque<T,A>::grow
fill 20 200 10 1000 0 | main; Table::widths @ "widths.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 10 100 5 80 0 | main; Table::words @ "words.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 10 100 5 80 0 | main; evens @ "evens.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 1 10 0 0 2 bytes=16 | main; digits @ "digits.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one; alloc::raw_vec::finish_grow; malloc
words 10 100 5 80 0 bytes=128 | main; digits @ "digits.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 1 10 0 0 4 bytes=96 | main; items @ "items.push(parts"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one; alloc::raw_vec::finish_grow; malloc
words 10 100 8 80 0 bytes=384 | main; items @ "items.push(part.trim"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 70 700 0 0 0 | main; std::other
titles 995 9950 0 0 95 | main; titles @ "name.to_uppercase"; malloc
titles 5 50 5 80 0 | main; titles @ "titles.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
words 10 100 5 80 0 | main; roots @ "roots.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
short 5 50 20 80 0 bytes=32 | main; digits @ "digits.push"; alloc::vec::Vec<T,A>::push; alloc::raw_vec::RawVec<T,A>::grow_one
short 995 9950 0 0 0 | main; std::other
