types samples cpu
work 30 300 | main; children @ "Box::new(self.children"; alloc::alloc::exchange_malloc; malloc
work 30 300 | main; values @ "Box::new(values)"; alloc::alloc::exchange_malloc; malloc
