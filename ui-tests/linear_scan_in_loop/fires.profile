types samples cpu
scan 30 300 | main; unseen @ "stop_words.contains"; core::slice::<impl [T]>::contains; core::iter::traits::iterator::Iterator::any
scan 20 200 | main; summed @ "entries.iter().find"; core::iter::traits::iterator::Iterator::find; core::str::traits::eq
scan 20 200 | main; drained @ "queue.remove"; alloc::vec::Vec<T,A>::remove; memmove
scan 20 200 | main; upper @ "text.chars().nth"; core::iter::traits::iterator::Iterator::nth
scan 10 100 | main; shared @ "right.contains"; core::slice::<impl [T]>::contains
bytes 20 200 | main; places @ "alphabet.iter().position"; core::iter::traits::iterator::Iterator::position
scan 20 200 | main; note @ "seen.contains"; core::slice::<impl [T]>::contains
