types samples cpu io_calls
serve 1 1 1 | main; settings @ "std::fs::read_to_string"; std::fs::read_to_string
serve 999 999 999 | main; settings @ "text.push"
