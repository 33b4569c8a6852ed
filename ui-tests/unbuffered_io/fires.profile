bench save iterations=10 io_calls=60 io_bytes=600
types samples cpu io_calls
save 50 500 50 | main; save @ "writeln!(out"; std::io::Write::write_fmt; <std::fs::File as std::io::Write>::write; write
save 40 400 0 | main; std::other
save 5 50 5 | main; lines @ "out.write_all(line"; <std::fs::File as std::io::Write>::write; write
save 5 50 5 | main; show @ "println!"; std::io::stdio::_print; write
