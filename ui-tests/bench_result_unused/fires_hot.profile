types samples cpu
work 100 1000 | main; unused @ "gcd(12, 18)"; gcd
