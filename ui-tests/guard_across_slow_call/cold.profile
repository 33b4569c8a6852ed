types samples cpu lock_delay
work 1000 1000 0 | main; loaded @ "std::fs::read_to_string"; std::fs::read_to_string
work 1 1 0 | main; loaded @ "names.lock()"; std::sync::mutex::Mutex<T>::lock
