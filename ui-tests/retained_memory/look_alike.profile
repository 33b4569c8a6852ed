types samples cpu inuse_space
kept 10 100 90000 | main; run @ "title(vec!"; alloc::slice::to_vec; malloc
kept 10 100 90000 | main; Scratch::line @ "self.line.push_str"; malloc
