//! Lifting: golden models against outsiders, hardware against golden models.

mod folded;
mod frames;
mod golden;
mod lines;
mod mistakes;

use ternlet::datapath::lifting::Scheme;

/// The table `scheme` of a design file.
fn in_toml(scheme: &Scheme) -> String {
    let scheme = toml::Value::try_from(scheme).unwrap();
    toml::to_string(&toml::Table::from_iter([("scheme".to_string(), scheme)])).unwrap()
}
