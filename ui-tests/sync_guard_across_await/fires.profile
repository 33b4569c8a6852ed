types samples cpu lock_delay
serve 40 400 4000 | main; Store::published @ "self.rows.lock"; std::sync::mutex::Mutex<T>::lock
serve 40 400 4000 | main; Store::added @2 "self.rows.lock"; std::sync::mutex::Mutex<T>::lock
serve 20 200 2000 | main; Store::first @ "self.limits.read"; std::sync::rwlock::RwLock<T>::read
