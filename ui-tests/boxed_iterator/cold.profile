types samples cpu
work 2 2 | main; settings @ "Box::new"; malloc
work 998 998 | main; work @ "number % 7"
