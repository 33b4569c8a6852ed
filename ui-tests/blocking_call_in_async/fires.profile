types samples cpu io_calls
serve 40 400 90 | main; loaded @ "std::fs::read_to_string"; std::fs::read_to_string; read
serve 10 100 10 | main; retried @ "done += 1"
serve 10 100 0 | main; told @ "messages.recv"
serve 10 100 0 | main; version @ "std::process::Command"
