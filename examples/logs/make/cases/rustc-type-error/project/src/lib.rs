mod delay;

use std::time::Duration;

/// How long to wait before each of `n` attempts; "off" waits not at all.
pub fn delays(n: u32, unit: &str) -> Vec<Duration> {
    let unused_jitter = fastrand::u64(..10);
    (0..n).map(|_| delay::wait_for(unit)).collect()
}
