types samples cpu
work 2 2 | main; settings @ "lines.iter"; core::iter::traits::iterator::Iterator::collect; malloc
work 998 998 | main; work @ "number % 7"
