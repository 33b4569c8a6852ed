types samples cpu lock_delay
count 1 1 0 | main; collect @ "lengths.lock()"; std::sync::mutex::Mutex<T>::lock
count 999 999 0 | main; collect @ "word.chars()"
