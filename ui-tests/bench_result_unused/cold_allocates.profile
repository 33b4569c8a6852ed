bench work iterations=100 alloc_objects=100
types samples cpu alloc_objects
work 40 400 100 | main; create @ "bounded(8)"; bounded @ "Vec::with_capacity"; malloc
work 60 600 0 | main; create @ "bounded(8)"; free
