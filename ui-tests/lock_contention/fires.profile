bench parallel iterations=10 lock_waits=100 nanos=640 processors=2
types samples cpu lock_delay lock_hold_delay
parallel 10 1000 0 0 | main; count @ "*visitors += 1"
parallel 0 0 600 0 lock=a | main; count @ "VISITORS.lock"; std::sync::poison::mutex::Mutex<T>::lock; std::sys::sync::mutex::futex::Mutex::lock_contended; syscall
parallel 0 0 0 600 lock=a | main; count @2 "}"; core::ptr::drop_in_place<std::sync::poison::mutex::MutexGuard<u64>>; syscall
parallel 0 0 300 0 lock=b | main; Cache::page @ "self.pages.lock"; std::sys::sync::mutex::futex::Mutex::lock_contended; syscall
parallel 0 0 0 300 lock=b | main; Cache::page @ "or_insert_with"; std::sys::sync::mutex::futex::Mutex::wake; syscall
parallel 0 0 100 0 lock=c | main; Cache::config @ "self.config.read"; std::sys::sync::rwlock::futex::RwLock::read_contended; syscall
settings 30 300 0 0 | thread_start; Settings::get @ ".values"; std::sync::poison::rwlock::RwLock<T>::read; std::sys::sync::rwlock::futex::RwLock::read
settings 70 700 0 0 | thread_start; Settings::get @ ".get(name)"; std::collections::hash::map::HashMap<K,V,S>::get
