types samples cpu inuse_space
sum 10 100 9000 | main; summed @ "send.send"; std::sync::mpsc::Sender<T>::send; alloc::alloc::alloc
sum 10 100 1000 | main; summed @ "received.iter"
