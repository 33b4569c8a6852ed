bench bump iterations=10 lock_waits=1
types samples cpu lock_delay lock_hold_delay
bump 900 9000 0 0 | main; bump @ "count.lock"; std::sync::poison::mutex::Mutex<T>::lock
bump 0 0 10 0 lock=a | main; bump @ "count.lock"; std::sys::sync::mutex::futex::Mutex::lock_contended; syscall
sum 30 300 0 0 | main; sum @ "numbers.read"; std::sync::poison::rwlock::RwLock<T>::read; std::sys::sync::rwlock::futex::RwLock::read
sum 70 700 0 0 | main; sum @ "[at]"
