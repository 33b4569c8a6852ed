types samples cpu
scan 1 1 | main; known @ "all.contains"; core::slice::<impl [T]>::contains
scan 999 999 | main; known @ "every &="
