types samples cpu
built 100 1000 | main; built @ "(0..10_000)"; core::iter::traits::iterator::Iterator::collect
outside 95 950 | main; outside @ "numbers.iter()"; core::iter::traits::iterator::Iterator::max
