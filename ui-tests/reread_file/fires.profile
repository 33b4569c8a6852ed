types samples cpu io_calls
serve 50 500 40 | main; known @ "std::fs::read_to_string(WORDS)"; std::fs::read_to_string; open64
serve 50 500 40 | main; greeting @2 "std::fs::read_to_string"; std::fs::read_to_string; open64
