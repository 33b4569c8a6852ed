bench save iterations=10 io_calls=100
types samples cpu io_calls
save 1000 10000 100 | main; std::other
save 1 1 0 | main; save @ "writeln!(out"; write
