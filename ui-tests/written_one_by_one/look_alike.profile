types samples cpu
shouted 50 500 | main; shouted @ "out.push(c.to_ascii_uppercase())"; alloc::string::String::push
latin 50 500 | main; latin @ "out.push(byte as char)"; alloc::string::String::push
plain 50 500 | main; plain @ "out.push(c),"; alloc::string::String::push
