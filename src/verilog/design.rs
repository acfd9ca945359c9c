//! A circuit and all that is inside it, each module once.

use super::SourceFile;
use super::adder::Shape;
use super::ast::Module;
use super::lower::{Interface, lower};
use super::names::Names;
use super::print::print;
use crate::hdl::{BlackBox, Circuit, Definition, Range, Type};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The Verilog of `circuit` and of every module inside it: one file a module, the top first.
///
/// Equal modules are written once; different ones with one name get `_1`, `_2`, ... behind it. The text depends on nothing
/// but the circuit.
///
/// # Panics
/// If two black boxes have one name but not one source.
pub fn emit(circuit: &Circuit) -> Vec<SourceFile> {
    Design::default().emit(circuit).0
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

/// As [`emit`], but the names of all inner modules begin with the circuit's, so that the text can stand beside those of
/// circuits of other names. Black boxes keep their names.
///
/// # Panics
/// As [`emit`].
pub fn emit_part(circuit: &Circuit) -> Part {
    let design = Design { prefix: format!("{}_", circuit.name), ..Design::default() };
    let (files, interface) = design.emit(circuit);
    let clock = ["clk", "rst"].map(|name| (name.to_string(), Type::Int(Range::condition())));
    let inputs = clock.into_iter().filter(|_| interface.clocked).chain(interface.inputs.clone()).collect();
    Part { module: interface.module.clone(), inputs, outputs: interface.outputs.clone(), files }
}

/// Models of the vendor's cells inside `circuit`, one file a set: a simulation reads them beside [`emit`]'s files, synthesis
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
    /// Before the name of every module but the top and the black boxes.
    prefix: String,
    /// In the order of a walk from the top; none where an equal module was written before.
    files: Vec<Option<SourceFile>>,
    adders: Vec<SourceFile>,
    adder_names: HashMap<Shape, String>,
    black_boxes: Vec<SourceFile>,
    /// By address: all definitions live as long as the circuit that is emitted.
    known: HashMap<*const Circuit, Rc<Interface>>,
    /// For each name that authors gave, the modules that have it.
    alike: HashMap<String, Vec<(Module, Rc<Interface>)>>,
}

impl Default for Design {
    fn default() -> Self {
        Self {
            names: Names::new(),
            prefix: String::new(),
            files: Vec::new(),
            adders: Vec::new(),
            adder_names: HashMap::new(),
            black_boxes: Vec::new(),
            known: HashMap::new(),
            alike: HashMap::new(),
        }
    }
}

impl Design {
    /// The files, the top first, and the interface of the top.
    fn emit(mut self, circuit: &Circuit) -> (Vec<SourceFile>, Rc<Interface>) {
        self.reserve(circuit, &mut HashSet::new());
        let top = self.names.claim(&circuit.name);
        let interface = self.circuit(circuit, Some(top));
        let modules = self.files.into_iter().flatten().chain(self.adders).chain(self.black_boxes);
        (modules.collect(), interface)
    }

    /// Takes the black boxes below `circuit`: their names stand in their sources and cannot change.
    fn reserve(&mut self, circuit: &Circuit, seen: &mut HashSet<*const Circuit>) {
        for instance in &circuit.instances {
            match &instance.definition {
                Definition::Circuit(inner) if seen.insert(Rc::as_ptr(inner)) => self.reserve(inner, seen),
                Definition::Circuit(_) => {}
                Definition::BlackBox(black_box) => self.black_box(black_box),
            }
        }
    }

    fn black_box(&mut self, black_box: &BlackBox) {
        let name = format!("{}.v", black_box.name);
        match self.black_boxes.iter().find(|file| file.name == name) {
            Some(file) => assert!(
                file.text == black_box.source,
                "two black boxes are called {}, but their sources differ: rename one",
                black_box.name
            ),
            None => {
                self.names.claim(&black_box.name);
                self.black_boxes.push(SourceFile { name, text: black_box.source.into() });
            }
        }
    }

    /// Writes `circuit` and what is inside it, under the name `top` or the first free one, unless an equal module
    /// is there already.
    fn circuit(&mut self, circuit: &Circuit, top: Option<String>) -> Rc<Interface> {
        let file = self.files.len();
        self.files.push(None);
        let mut interfaces = Vec::new();
        for instance in &circuit.instances {
            interfaces.push(match &instance.definition {
                Definition::BlackBox(black_box) => Rc::new(interface(black_box)),
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
        let (mut module, mut interface) = lower(circuit, &interfaces, &mut |shape| self.adder(shape));
        let alike = self.alike.entry(circuit.name.clone()).or_default();
        if let Some((_, interface)) = alike.iter().find(|(other, _)| *other == module) {
            return interface.clone();
        }
        interface.module =
            top.unwrap_or_else(|| self.names.claim(&format!("{}{}", self.prefix, circuit.name)));
        let interface = Rc::new(interface);
        alike.push((module.clone(), interface.clone()));
        module.name = interface.module.clone();
        self.files[file] = Some(source_file(&module));
        interface
    }

    fn adder(&mut self, shape: Shape) -> String {
        let (names, prefix, adders) = (&mut self.names, &self.prefix, &mut self.adders);
        let name = self.adder_names.entry(shape).or_insert_with(|| {
            let name = names.claim(&format!("{prefix}{}", shape.name()));
            adders.push(source_file(&shape.module(name.clone())));
            name
        });
        name.clone()
    }
}

fn source_file(module: &Module) -> SourceFile {
    SourceFile { name: format!("{}.v", module.name), text: print(module) }
}

fn interface(black_box: &BlackBox) -> Interface {
    Interface {
        module: black_box.name.clone(),
        parameters: black_box.parameters.clone(),
        clocked: black_box.clocked,
        inputs: black_box.inputs.clone(),
        outputs: black_box.outputs.clone(),
    }
}
