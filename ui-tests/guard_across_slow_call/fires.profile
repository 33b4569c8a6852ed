types samples cpu lock_delay
serve 20 200 4000 | main; noted @ "log.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 2000 | main; saved @ "names.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 1000 | main; joined @ "total.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
