types samples cpu
setup 5 50 | main; setup @ "(0..10)"; core::iter::traits::iterator::Iterator::collect
setup 95 950 | main; setup @ "numbers.iter()"; core::iter::traits::iterator::Iterator::max
