//! How the page writes numbers.

use crate::verify;
use askama::{Result, Values};
use std::fmt::Display;

/// An integer with a narrow space between thousands and a true minus sign.
#[askama::filter_fn]
pub fn grouped<T: Display>(number: T, _: &dyn Values) -> Result<String> {
    Ok(group(&number.to_string()))
}

/// A number with `places` decimals and a true minus sign.
#[askama::filter_fn]
pub fn decimals<T: Display>(number: T, _: &dyn Values, places: usize) -> Result<String> {
    Ok(format!("{number:.places$}").replace('-', "\u{2212}"))
}

/// A number with a decimal, if it has any.
#[askama::filter_fn]
pub fn tenths(number: &f64, _: &dyn Values) -> Result<String> {
    Ok(verify::tenths(*number).to_string())
}

pub fn group(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("\u{2212}", digits));
    let places = digits.len();
    let spaced = digits.char_indices().map(|(place, digit)| {
        let space = place > 0 && (places - place).is_multiple_of(3);
        format!("{}{digit}", if space { "\u{202f}" } else { "" })
    });
    sign.chars().map(String::from).chain(spaced).collect()
}

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in
            [("0", "0"), ("999", "999"), ("1000", "1 000"), ("-132018", "−132 018"), ("1234567", "1 234 567")]
        {
            assert_eq!(group(number), text.replace(' ', "\u{202f}"));
        }
    }
}
