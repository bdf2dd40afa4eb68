//! A number below a limit.

pub fn bounded(value: u32, limit: u32) -> u32 {
    assert!(value < limit, "value {value} is out of range");
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts() {
        assert_eq!(bounded(1, 2), 1);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_1() {
        bounded(1, 1);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_2() {
        bounded(2, 2);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_3() {
        bounded(3, 3);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_4() {
        bounded(4, 4);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_5() {
        bounded(5, 5);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_6() {
        bounded(6, 6);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_7() {
        bounded(7, 7);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn rejects_8() {
        bounded(8, 8);
    }
}
