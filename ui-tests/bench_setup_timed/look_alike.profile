types samples cpu
built 100 1000 | main; built @ "(0..10_000)"; core::iter::traits::iterator::Iterator::collect
outside 95 950 | main; outside @ "numbers.iter()"; core::iter::traits::iterator::Iterator::max
emptied 60 600 | main; emptied @ "(0..1_000)"; core::iter::traits::iterator::Iterator::collect
emptied 40 400 | main; emptied @ "shelf.remove"
