types samples cpu
work 2 2 | main; setting @ "line.contains"; core::str::find
work 998 998 | main; work @ "number % 7"
