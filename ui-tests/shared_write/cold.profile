types samples cpu lock_delay
work 1 1 0 | main; failed @ "errors.lock()"; std::sync::mutex::Mutex<T>::lock
work 999 999 0 | main; work @ "number % 7"
