types samples cpu lock_delay
count 40 400 4000 | main; collect @ "counts.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
count 60 600 0 | main; collect @ "word.to_string()"; alloc::string::ToString::to_string
