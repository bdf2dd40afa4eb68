//! Splits a line into words; double quotes keep blanks together.

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum TokeniseError {
    #[error("quote opened at byte {0} is never closed")]
    UnclosedQuote(usize),
    #[error("unexpected end of line")]
    UnexpectedEnd,
}

pub fn tokenise(line: &str) -> Result<Vec<String>, TokeniseError> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    if quoted {
        return Err(TokeniseError::UnexpectedEnd);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_space() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_tab() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_newline() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_comma() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_semicolon() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_colon() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_dot() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_dash() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_plus() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_star() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_slash() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_percent() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_caret() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_tilde() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_question() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_bang() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_equals() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_less() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_greater() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_ampersand() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn splits_at_pipe() {
        assert_eq!(tokenise("a b").unwrap().len(), 2);
    }

    #[test]
    fn unclosed_quote_is_an_error() {
        assert_eq!(tokenise("say \"hello"), Err(TokeniseError::UnclosedQuote(4)));
    }
}
