types samples cpu
work 40 400 | main; size @ "iter().find"; core::iter::traits::iterator::Iterator::find
work 30 300 | main; head @ "path.find"; core::str::find
