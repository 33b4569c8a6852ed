types samples cpu
len 1 1 | main; lengths @ "std::thread::spawn"; std::thread::spawn
len 999 999 | main; lengths @ "started.into_iter"
