types samples cpu
work 30 300 | main; name @ "path.to_string_lossy"; alloc::string::ToString::to_string; __rust_alloc
work 30 300 | main; text @ "String::from_utf8_lossy"; alloc::string::String::from_utf8_lossy
work 30 300 | main; is_hidden @ "path.to_string_lossy().contains"; std::path::Path::to_string_lossy; core::str::from_utf8
work 5 50 | main; stemmed @ "stem(word).to_string"; <T as alloc::string::ToString>::to_string; <alloc::borrow::Cow<str> as alloc::string::SpecToString>::spec_to_string; __rust_alloc
work 5 50 | main; measured @ "length(word).to_string"; <T as alloc::string::ToString>::to_string; <usize as alloc::string::SpecToString>::spec_to_string; __rust_alloc
work 5 50 | main; titled @ "title(word).to_string"; web::title; <T as alloc::string::ToString>::to_string; <alloc::borrow::Cow<str> as alloc::string::SpecToString>::spec_to_string; __rust_alloc
