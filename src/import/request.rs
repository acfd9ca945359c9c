//! A file in, a design out.

use super::error::{ImportError, Problem};
use super::lower::{Lowered, Names, Wishes, lower};
use super::onnx::Model;
use crate::datapath::{Catalog, Source, Tensor};
use crate::design::to_safetensors;
use crate::fold::{FoldError, Folded, Goal, Target, fold};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What is imported, and what the design file says besides.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub model: PathBuf,
    /// The design's name; the model's, made legal, if it is left out.
    pub name: Option<String>,
    pub board: Option<String>,
    pub frequency_mhz: Option<f64>,
    pub wishes: Wishes,
}

/// A design that computes what a model means.
#[derive(Clone, Debug)]
pub struct Imported {
    pub name: String,
    pub request: Request,
    /// What the design is made of.
    pub lowered: Lowered,
    pub model: Model,
    /// The text of the design file.
    pub design: String,
    /// The name of the file of tensors that it reads, next to it, and its bytes.
    pub tensors: (String, Vec<u8>),
}

/// The tensors of a design, as its file has them.
pub(super) struct InMemory<'i>(pub &'i Imported);

impl Source for InMemory<'_> {
    fn tensor(&self, _: &str, name: Option<&str>) -> Result<Tensor, String> {
        let found = self.0.lowered.tensors.iter().find(|(found, _)| Some(&found[..]) == name);
        found.map(|(_, tensor)| tensor.clone()).ok_or_else(|| format!("there is no tensor {name:?}"))
    }
}

/// Imports a model: everything is computed, nothing is written.
///
/// ```no_run
/// use ternlet::datapath::Catalog;
/// use ternlet::import::{Request, import};
/// let request = Request { model: "network.onnx".into(), ..Request::default() };
/// let imported = import(&request, &Catalog::standard())?;
/// println!("{}", imported.report());
/// imported.files("network.toml".as_ref());
/// # Ok::<(), ternlet::import::ImportError>(())
/// ```
///
/// # Errors
/// That the file cannot be read, or all that cannot be imported.
pub fn import(request: &Request, catalog: &Catalog) -> Result<Imported, ImportError> {
    let model = Model::read(&request.model)?;
    let wrong = |problems: Vec<Problem>| ImportError::Wrong { path: request.model.clone(), problems };
    let stem = request.model.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let name = request.name.clone().unwrap_or_else(|| Names::default().legal(&stem, "network"));
    let file = format!("{name}.safetensors");
    let lowered = lower(&model, &request.wishes, catalog, &file).map_err(wrong)?;
    let design = text(request, &name, &lowered);
    let tensors = (file, to_safetensors(&lowered.tensors));
    Ok(Imported { name, request: request.clone(), lowered, model, design, tensors })
}

/// The text of the design file.
fn text(request: &Request, name: &str, lowered: &Lowered) -> String {
    let mut root = Table::new();
    root.insert("name".into(), name.into());
    if let Some(board) = &request.board {
        root.insert("board".into(), board.clone().into());
    }
    if let Some(mhz) = request.frequency_mhz {
        let whole = mhz.fract() == 0.0 && mhz.abs() < 1e9;
        root.insert(
            "frequency_mhz".into(),
            if whole { Value::Integer(mhz as i64) } else { Value::Float(mhz) },
        );
    }
    root.extend(lowered.graph.to_table());
    let text = toml::to_string(&root).expect("tables of TOML are TOML");
    let model_name =
        request.model.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (shape, ty) = &lowered.input;
    format!(
        "# Imported from {} by `ternlet import`: it computes what that file means, exactly.\n\
         # A frame that comes in is {shape:?} in the file's order, {ty}, and passes with its channels innermost.\n{text}",
        model_name.escape_debug()
    )
}

impl Imported {
    /// The same in the cheapest folding that reaches `goal`, and what that takes.
    ///
    /// # Errors
    /// As of [`fold`].
    pub fn folded(self, target: Target, goal: Goal, catalog: &Catalog) -> Result<(Self, Folded), FoldError> {
        let folded = fold(&self.lowered.graph, catalog, &InMemory(&self), target, goal, &|_, _| {})?;
        let mut new = self;
        new.lowered.graph = folded.graph.clone();
        new.design = text(&new.request, &new.name, &new.lowered);
        Ok((new, folded))
    }

    /// The files of the design, with the design file at `path`.
    pub fn files(&self, path: &Path) -> [(PathBuf, Vec<u8>); 2] {
        let tensors = path.parent().unwrap_or(Path::new("")).join(&self.tensors.0);
        [(tensors, self.tensors.1.clone()), (path.into(), self.design.clone().into_bytes())]
    }
}
