//! A circuit and all that is inside it, each module once.

use super::adder::Form;
use super::ast::Module;
use super::lower::{Interface, lower};
use super::names::Names;
use super::print::print;
use super::{Comments, SourceFile};
use crate::hdl::{BlackBox, Circuit, Definition, Range, Type};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The Verilog of `circuit` and of every module inside it: one file a module, the top first.
///
/// The names of all inner modules begin with the circuit's, those of black boxes too, so that several designs can live in one project.
/// Equal modules are written once; different ones with one name get `_1`, `_2`, ... after it. Each file begins with the
/// design's name, what the module computes, and a hash of the text of all files without these heads: two designs with
/// one hash are the same. The text depends on nothing but the circuit.
pub fn emit(circuit: &Circuit) -> Vec<SourceFile> {
    emit_with(circuit, Comments::default())
}

/// As [`emit`], with these comments.
pub fn emit_with(circuit: &Circuit, comments: Comments) -> Vec<SourceFile> {
    Design::of(circuit, comments).emit(circuit).0
}

/// A circuit's Verilog as a part of a larger text, and what an instance of it there must know.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name of the top module.
    pub module: String,
    /// `clk` and `rst`, if the circuit is clocked, then the others in the order of the circuit's.
    pub inputs: Vec<(String, Type)>,
    pub outputs: Vec<(String, Type)>,
    pub files: Vec<SourceFile>,
}

/// As [`emit`], with the interface of the top.
pub fn emit_part(circuit: &Circuit) -> Part {
    let (files, interface) = Design::of(circuit, Comments::default()).emit(circuit);
    let clock = ["clk", "rst"].map(|name| (name.to_string(), Type::Int(Range::condition())));
    let inputs = clock.into_iter().filter(|_| interface.clocked).chain(interface.inputs.clone()).collect();
    Part { module: interface.module.clone(), inputs, outputs: interface.outputs.clone(), files }
}

/// Models of the vendor's cells inside `circuit`, one file a set: a simulation reads them next to [`emit`]'s files, synthesis
/// has them of its own.
pub fn cell_models(circuit: &Circuit) -> Vec<SourceFile> {
    let mut texts = Vec::new();
    collect_cells(circuit, &mut texts);
    let name =
        |(index, text): (usize, &str)| SourceFile { name: format!("cells_{index}.v"), text: text.into() };
    texts.into_iter().enumerate().map(name).collect()
}

fn collect_cells(circuit: &Circuit, texts: &mut Vec<&'static str>) {
    for instance in &circuit.instances {
        match &instance.definition {
            Definition::Circuit(inner) => collect_cells(inner, texts),
            Definition::BlackBox(black_box) => {
                texts.extend(black_box.cells.filter(|text| !texts.contains(text)));
            }
        }
    }
}

struct Design {
    names: Names,
    comments: Comments,
    /// The name of the top, which begins those of all other modules.
    top: String,
    /// In the order of a walk from the top, each under the name that its author gave; none where an equal module was written before.
    modules: Vec<Option<(Module, Rc<Interface>)>>,
    adders: Vec<Module>,
    adder_names: HashMap<Form, String>,
    black_boxes: Vec<Renamed>,
    /// By address: all definitions live as long as the circuit that is emitted.
    known: HashMap<*const Circuit, Rc<Interface>>,
    /// For each name that authors gave, the places of the modules that have it.
    alike: HashMap<String, Vec<usize>>,
}

/// A black box under the name that it has in the design.
struct Renamed {
    /// Its own name and its source, by which it is known.
    own: String,
    source: &'static str,
    name: String,
}

impl Design {
    fn of(circuit: &Circuit, comments: Comments) -> Self {
        Self {
            names: Names::new(),
            comments,
            top: circuit.name.clone(),
            modules: Vec::new(),
            adders: Vec::new(),
            adder_names: HashMap::new(),
            black_boxes: Vec::new(),
            known: HashMap::new(),
            alike: HashMap::new(),
        }
    }

    /// The files, the top first, and the interface of the top.
    fn emit(mut self, circuit: &Circuit) -> (Vec<SourceFile>, Rc<Interface>) {
        // A module that is called as one of its own ports is none to Verilator; the ports' names are what others connect to.
        let inputs = circuit.inputs.iter().filter_map(|&id| circuit.nodes[id].name.clone());
        let outputs = circuit.outputs.iter().map(|output| output.name.clone());
        let ports = ["clk", "rst"]
            .map(str::to_owned)
            .into_iter()
            .chain(inputs)
            .chain(outputs)
            .collect::<HashSet<String>>();
        let top = self.names.claim_outside(&circuit.name, |name| ports.contains(name));
        self.top = top.clone();
        let interface = self.circuit(circuit, Some(top));
        let renamed = |(module, interface): (Module, Rc<Interface>)| Module {
            name: interface.module.clone(),
            ..module
        };
        let modules = self.modules.into_iter().flatten().map(renamed).chain(self.adders);
        let printed = modules.map(|module| {
            let doc = module.doc.lines().map(|line| format!("// {line}").trim_end().to_string() + "\n");
            Text { doc: doc.collect(), body: print(&module), name: module.name }
        });
        let black_boxes = self.black_boxes.into_iter().map(|Renamed { own, source, name }| Text {
            doc: String::new(),
            body: with_word(source, &own, &name),
            name,
        });
        (with_heads(&self.top, printed.chain(black_boxes).collect()), interface)
    }

    /// The name that the black box has in the design.
    fn black_box(&mut self, black_box: &BlackBox) -> String {
        let BlackBox { name: own, source, .. } = black_box;
        let is_it = |known: &&Renamed| known.own == *own && known.source == *source;
        if let Some(known) = self.black_boxes.iter().find(is_it) {
            return known.name.clone();
        }
        let name = self.names.claim(&format!("{}_{own}", self.top));
        self.black_boxes.push(Renamed { own: own.clone(), source, name: name.clone() });
        name
    }

    /// Writes `circuit` and what is inside it, under the name `top` or the first free one, unless an equal module
    /// is there already.
    fn circuit(&mut self, circuit: &Circuit, top: Option<String>) -> Rc<Interface> {
        let place = self.modules.len();
        self.modules.push(None);
        let mut interfaces = Vec::new();
        for instance in &circuit.instances {
            interfaces.push(match &instance.definition {
                Definition::BlackBox(black_box) => Rc::new(interface(black_box, self.black_box(black_box))),
                Definition::Circuit(inner) => match self.known.get(&Rc::as_ptr(inner)) {
                    Some(interface) => interface.clone(),
                    None => {
                        let interface = self.circuit(inner, None);
                        self.known.insert(Rc::as_ptr(inner), interface.clone());
                        interface
                    }
                },
            });
        }
        let (module, mut interface) =
            lower(circuit, &interfaces, self.comments, &mut |form| self.adder(form));
        let alike = self.alike.entry(circuit.name.clone()).or_default();
        let written = alike.iter().filter_map(|&place| self.modules[place].as_ref());
        if let Some((_, interface)) = written.into_iter().find(|(other, _)| *other == module) {
            return interface.clone();
        }
        alike.push(place);
        interface.module = top.unwrap_or_else(|| self.names.claim(&format!("{}_{}", self.top, circuit.name)));
        let interface = Rc::new(interface);
        self.modules[place] = Some((module, interface.clone()));
        interface
    }

    fn adder(&mut self, form: Form) -> String {
        let (names, top, adders) = (&mut self.names, &self.top, &mut self.adders);
        let name = self.adder_names.entry(form).or_insert_with(|| {
            let name = names.claim(&format!("{top}_{}", form.name()));
            adders.push(form.module(name.clone()));
            name
        });
        name.clone()
    }
}

/// A module as text: what it computes, in comments, and the rest of it.
struct Text {
    name: String,
    doc: String,
    body: String,
}

/// A file for each of `modules` of the design `top`, with its head.
fn with_heads(top: &str, modules: Vec<Text>) -> Vec<SourceFile> {
    let mut hasher = Sha256::new();
    modules.iter().for_each(|module| hasher.update(&module.body));
    let hash: String = hasher.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    let version = env!("CARGO_PKG_VERSION");
    let head = format!("// Design {top}, text {hash}, written by ternlet {version}\n");
    let file = |Text { name, doc, body }: Text| SourceFile {
        name: format!("{name}.v"),
        text: head.clone() + &doc + &body,
    };
    modules.into_iter().map(file).collect()
}

fn interface(black_box: &BlackBox, module: String) -> Interface {
    Interface {
        module,
        parameters: black_box.parameters.clone(),
        clocked: black_box.clocked,
        inputs: black_box.inputs.clone(),
        outputs: black_box.outputs.clone(),
        names: words_of(black_box.source),
        inside: Vec::new(),
    }
}

/// `text` with `new` wherever the whole word `old` stands.
fn with_word(text: &str, old: &str, new: &str) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_of_name) {
        let end = rest[start..].find(|c| !is_of_name(c)).map_or(rest.len(), |length| start + length);
        made.push_str(&rest[..start]);
        let word = &rest[start..end];
        made.push_str(if word == old { new } else { word });
        rest = &rest[end..];
    }
    made + rest
}

/// All words of a text that can be names.
fn words_of(text: &str) -> Names {
    Names::of(text.split(|c: char| !is_of_name(c)))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}
