//! Texts with names in braces that stand for values.

/// `text` with the value of each name in place of `{name}`.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Whether `name` is the pattern, or starts as a pattern that ends with a star.
pub fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// The words of `text`, each with its values: one that has spaces stays in one word.
pub fn words(text: &str, values: &[(&str, &str)]) -> Vec<String> {
    text.split_whitespace().map(|word| filled(word, values)).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_value_stays_in_its_word() {
        assert_eq!(
            words("--out {file} -k={key}", &[("file", "a b"), ("key", "7")]),
            ["--out", "a b", "-k=7"]
        );
    }
}
