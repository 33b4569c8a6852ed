types samples cpu
work 2 2 | main; setting @ "line.chars"; core::iter::traits::iterator::Iterator::last
work 998 998 | main; work @ "number % 7"
