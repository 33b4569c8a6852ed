//! Something to measure; the mistakes are in the benches.

/// The greatest common divisor.
pub fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The sum of all numbers up to `n` that share no divisor with it.
pub fn coprime_sum(n: u64) -> u64 {
    (1..n).filter(|&k| gcd(n, k) == 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_are_found() {
        assert_eq!(gcd(12, 18), 6);
        assert_eq!(gcd(7, 0), 7);
        assert_eq!(coprime_sum(10), 1 + 3 + 7 + 9);
    }
}
