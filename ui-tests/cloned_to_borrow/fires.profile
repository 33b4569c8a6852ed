types samples cpu
work 20 200 | main; Writer::write @ "self.axis.title.clone());\n        self.write_unit"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; Writer::write @ "self.axis.unit.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; measured @ "title.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; described @ "axis.label.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
work 20 200 | main; printed @ "axis.title.clone"; <alloc::string::String as core::clone::Clone>::clone; __rust_alloc
