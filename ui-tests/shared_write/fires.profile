types samples cpu lock_delay
serve 20 200 4000 | main; visitor @ "VISITORS.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 2000 | main; Counters::sent @ "self.sent.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 2000 | main; next_call @ "CALLS.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 2000 | main; seen @ "SEEN.lock()"; std::sync::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended
serve 20 200 2000 | main; Left::take @ "self.0.write()"; std::sync::rwlock::RwLock<T>::write; std::sys::sync::rwlock::futex::RwLock::write_contended
