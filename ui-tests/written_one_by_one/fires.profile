types samples cpu
quoted 30 300 | main; quoted @ "out.push(c),"; alloc::string::String::push
quoted 70 700 | main; quoted @ "text.chars()"; core::str::iter::Chars::next
escaped 60 600 | main; escaped @ "out.write_all(&[*byte])"; <alloc::vec::Vec<u8> as std::io::Write>::write_all
escaped 40 400 | main; escaped @ "text.as_bytes()"
