//! Counts values in bins.

pub fn total(bins: &[u64]) -> u64 {
    let mut sum = 0;
    for bin in 0..bins.len() {
        sum += bins[bin];
    }
    sum
}
