types samples cpu
copy 1 1 | main; first @ "*block"; memcpy
copy 999 999 | main; first @ "sum.wrapping_add"
