types samples cpu
quoted 20 20 | main; quoted @ "out.push(other)"; alloc::string::String::push
quoted 980 980 | main; quoted @ "text.chars()"
