types samples cpu inuse_space
kept 990 990 0 | main; titles @ "title(page.to_vec())"; alloc::slice::to_vec; malloc
kept 10 10 90000 | main; run
