//! What is done with a file that may hold anything.

use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::import::onnx::Model;
use ternlet::import::{InputMeaning, Wishes, lower};

/// Imports a file of these bytes, which must end in a design or in an error that says something, and not otherwise.
pub fn import(bytes: &[u8]) {
    let said = |problems: Vec<ternlet::import::Problem>| {
        assert!(problems.iter().all(|problem| !problem.why.is_empty()))
    };
    let model = match Model::of_bytes(bytes, Path::new("/nowhere")) {
        Ok(model) => model,
        Err(problems) => return said(problems),
    };
    let input = InputMeaning::parse("u8/256").expect("a type");
    let wishes = Wishes { shape: None, input: Some(input) };
    if let Err(problems) = lower(&model, &wishes, &Catalog::standard(), "tensors.safetensors") {
        said(problems);
    }
}
