types samples cpu
work 40 400 | main; row @ "name.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 40 400 | main; row @ "cells.clone"; <alloc::vec::Vec as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; added @ "text.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; lengths @ "name.clone(), length"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
