types samples cpu
work 30 300 | main; Cursor::advance @ "self.line = "; alloc::slice::to_owned; __rust_alloc
work 30 300 | main; Cursor::advance @ "self.path = "; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; Cursor::advance @ "self.cells = "; <alloc::vec::Vec as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; longest @ "longest = "; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; renamed @ "*old = "; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
