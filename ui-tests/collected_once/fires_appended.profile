types samples cpu
work 20 200 | main; key @ "chars.take"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; word @ "rest.chars"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; list @ "word.to_uppercase"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; list @ "word.to_lowercase"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; total @ "text.split"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; doubled @ "text.chars().rev"; core::iter::traits::iterator::Iterator::collect; malloc
work 10 100 | main; shadowed @ "text.chars().take"; core::iter::traits::iterator::Iterator::collect; malloc
