types samples cpu io_calls
work 1 1 0 | main; settings @ "std::fs::read_to_string"; std::fs::read_to_string
work 999 999 3 | main; work @ "number % 7"
