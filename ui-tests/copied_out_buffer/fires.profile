types samples cpu
work 10 100 | main; is_kind @ "kind.to_string"; alloc::string::ToString::to_string; malloc
work 10 100 | main; is_named @ "name.to_string"; alloc::string::ToString::to_string; malloc
work 10 100 | main; known @ "word.to_string"; alloc::string::ToString::to_string; malloc
work 10 100 | main; is_new @ "word.clone"; alloc::string::String::clone; malloc
work 10 100 | main; letters @ "text.to_owned"; alloc::str::to_owned; malloc
work 10 100 | main; long @ "words.iter().filter(|word| word.len"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; blank @ "text.split_whitespace"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; fields @ "line.split"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; gathered @ "line.chars"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; page @ "form.color()"; alloc::string::ToString::to_string; malloc
work 10 100 | main; is_list @ "line.to_owned"; alloc::borrow::ToOwned::to_owned; malloc
work 10 100 | main; is_help @ "command.to_string"; alloc::string::ToString::to_string; malloc
