types samples cpu
len 40 400 | main; lengths @ "thread::spawn"; std::thread::spawn; pthread_create
len 40 400 | main; scoped @ "thread::Builder"; std::thread::Builder::spawn_scoped; pthread_create
len 40 400 | main; each @ "scope.spawn"; std::thread::scoped::Scope::spawn; pthread_create
