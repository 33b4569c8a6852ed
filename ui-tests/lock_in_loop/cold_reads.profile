types samples cpu lock_delay io_calls
sizes 40 400 4000 0 | main; sizes @ "known.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
sizes 60 600 0 300 | main; sizes @ "size(path)"; size @ "std::fs::read(path)"; read
