types samples cpu lock_delay
serve 1 1 0 | main; counted @ "count.lock"; std::sync::mutex::Mutex<T>::lock
serve 999 999 0 | main; counted @ "sum +="
