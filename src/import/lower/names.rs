//! Names of nodes, made legal.

use crate::graph::name_fault;
use std::collections::HashSet;

/// The names that are given already.
#[derive(Clone, Debug, Default)]
pub struct Names(HashSet<String>);

/// Parts of names that exporters add and that say nothing.
const FILLING: [&str; 6] =
    ["export_handler", "act_quant", "weight_quant", "activation_impl", "output_0", "net_net"];

impl Names {
    /// `name` as a design has it: lower-case letters, digits and single underscores, and not given before.
    pub fn legal(&mut self, name: &str, otherwise: &str) -> String {
        let mut legal = made_legal(name);
        if legal.is_empty() {
            legal = made_legal(otherwise);
        }
        if !legal.starts_with(|c: char| c.is_ascii_lowercase()) {
            legal = format!("n_{legal}");
        }
        legal.truncate(48);
        let legal = legal.trim_end_matches('_').to_owned();
        let free = |name: &String| {
            !self.0.contains(name)
                && name_fault(name).is_none()
                && !["input", "datapath", "board", "host"].contains(&&name[..])
        };
        let numbered = (2..).map(|number| format!("{legal}_{number}"));
        let name = std::iter::once(legal.clone()).chain(numbered).find(free).expect("a number that is free");
        self.0.insert(name.clone());
        name
    }
}

fn made_legal(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut legal: String = name.chars().map(kept).collect();
    for filling in FILLING {
        legal = legal.replace(filling, if filling == "net_net" { "net" } else { "" });
    }
    legal.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_exporters_become_short_and_legal() {
        let mut names = Names::default();
        for (given, legal) in [
            ("/net/net.1/Conv", "net_1_conv"),
            ("/net/net.3/act_quant/export_handler/Quant", "net_3_quant"),
            ("/4/MaxPool", "n_4_maxpool"),
            ("/4/MaxPool", "n_4_maxpool_2"),
            ("", "conv"),
            ("input", "input_2"),
            ("ä__b_", "b"),
        ] {
            assert_eq!(names.legal(given, "Conv"), legal);
        }
        assert!(names.legal(&"x".repeat(200), "y").len() <= 64);
    }
}
