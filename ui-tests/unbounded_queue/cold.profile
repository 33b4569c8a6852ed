types samples cpu inuse_space
sum 1 1 1 | main; summed @ "send.send"
sum 999 999 999 | main; summed @ "received.iter"
