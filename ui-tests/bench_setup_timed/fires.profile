types samples cpu
setup 80 800 | main; setup @ "(0..10_000)"; core::iter::traits::iterator::Iterator::collect
setup 20 200 | main; setup @ "numbers.iter()"; core::iter::traits::iterator::Iterator::max
