use std::time::Duration;

pub fn wait_for(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
