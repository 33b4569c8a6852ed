types samples cpu
copy 30 300 | main; Table::sum @ "self.weights"; memcpy
copy 20 200 | main; first @ "*block"; memcpy
copy 20 200 | main; twice @ "block.clone"; core::clone::Clone::clone; memcpy
copy 20 200 | main; twice @ "checksum(*block"; memcpy
copy 10 100 | main; ordered @ "blocks.sort_unstable"; core::slice::sort::unstable::sort; core::ptr::copy_nonoverlapping
