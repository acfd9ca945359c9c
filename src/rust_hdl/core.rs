//! What is inside a block: the circuit's Verilog, and the circuit itself for rust-hdl's simulator.

use super::wire::Wire;
use crate::hdl::{Circuit, InterpretError, Interpreter, Type};
use crate::verilog::{SourceFile, emit_part};
use num_bigint::BigInt;
use rust_hdl_core::prelude::{Verilog, Wrapper};
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// A port as a block declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortDeclaration {
    pub name: &'static str,
    pub width: usize,
    pub signed: bool,
}

impl PortDeclaration {
    /// Port `name` whose values are of type `T`.
    pub fn of<T: Wire>(name: &'static str) -> Self {
        Self { name, width: T::BITS, signed: T::SIGNED }
    }
}

/// Why a block cannot hold a circuit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    #[error(
        "circuit `{circuit}` has the {direction} `{port}`, which the block does not declare: add `{port}: {wanted}`"
    )]
    Undeclared { circuit: String, direction: &'static str, port: String, wanted: String },
    #[error(
        "the block declares the {direction} `{port}`, which circuit `{circuit}` does not have: remove it"
    )]
    Unknown { circuit: String, direction: &'static str, port: &'static str },
    #[error(
        "the block declares the {direction} `{port}` as {declared}, which cannot carry what circuit `{circuit}` has there: write \
         `{port}: {wanted}`"
    )]
    WrongType { circuit: String, direction: &'static str, port: String, declared: String, wanted: String },
    #[error("rust-hdl calls its own top module `top`: give the circuit another name")]
    NamedTop,
}

/// A circuit inside a block of rust-hdl. Blocks are made with [`rust_hdl_block!`](crate::rust_hdl_block), which
/// fits typed ports around a core.
pub struct Core {
    module: String,
    /// All modules, each at most once in a text that holds several cores.
    modules: String,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    /// The place of `clk` among the inputs.
    clk: Option<usize>,
    simulation: Result<Interpreter, InterpretError>,
    /// The inputs and outputs of the last update.
    last: Option<(Vec<BigInt>, Vec<BigInt>)>,
}

/// A port of the circuit: its name in Verilog, which no tool reserves, and the one that its author gave it.
struct Port {
    name: String,
    given: String,
    ty: Type,
}

impl Core {
    /// `circuit` with these ports, which are declared in any order.
    ///
    /// # Errors
    /// Every port that the circuit has and the block does not, or the block and not the circuit, or whose widths differ, or
    /// that reads a number without sign as signed.
    pub fn new(
        circuit: impl Into<Rc<Circuit>>,
        inputs: &[PortDeclaration],
        outputs: &[PortDeclaration],
    ) -> Result<Self, Vec<BlockError>> {
        let circuit = circuit.into();
        let part = emit_part(&circuit);
        let mut errors = Vec::new();
        if part.module == "top" {
            errors.push(BlockError::NamedTop);
        }
        let mut fit = |direction, declared: &[PortDeclaration], ports: Vec<Port>| {
            let (ordered, mut wrong) = in_order(&circuit.name, direction, declared, ports);
            errors.append(&mut wrong);
            ordered
        };
        let clock = ["clk", "rst"].into_iter().filter(|_| circuit.clocked).map(String::from);
        let given = circuit.inputs.iter().map(|&id| circuit.nodes[id].name.clone().unwrap_or_default());
        let inputs = fit("input", inputs, ports(part.inputs, clock.chain(given)));
        let given = circuit.outputs.iter().map(|output| output.name.clone());
        let outputs = fit("output", outputs, ports(part.outputs, given));
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            module: part.module,
            modules: part.files.iter().map(once).collect(),
            clk: inputs.iter().position(|port| circuit.clocked && port.given == "clk"),
            inputs,
            outputs,
            simulation: Interpreter::new(circuit),
            last: None,
        })
    }

    /// The body of the block's Verilog module, and the modules next to it.
    pub fn hdl(&self) -> Verilog {
        let ports: Vec<String> = self
            .inputs
            .iter()
            .chain(&self.outputs)
            .map(|Port { name, .. }| format!("    .{name}({name})"))
            .collect();
        // A name of ours has no `$`: the instance's clashes with no port.
        let code = format!("{0} {0}$core (\n{1}\n);\n", self.module, ports.join(",\n"));
        Verilog::Wrapper(Wrapper { code, cores: self.modules.clone() })
    }

    /// The outputs that follow from the inputs, both as words in the order of their declaration. A `clk` that rises ends a
    /// clock cycle: then, and only then, must inputs be in their ranges and assumptions hold.
    ///
    /// # Panics
    /// If they are not or do not, or if the circuit holds a black box, which rust-hdl's simulator cannot run.
    pub fn update(&mut self, words: Vec<BigInt>) -> Vec<BigInt> {
        let clock = |words: &[BigInt]| self.clk.is_some_and(|clk| words[clk].bit(0));
        let before = match &self.last {
            Some((last, outputs)) if *last == words => return outputs.clone(),
            Some((last, _)) => clock(last),
            None => false,
        };
        let rises = clock(&words) && !before;
        let simulation = match &mut self.simulation {
            Ok(simulation) => simulation,
            Err(error) => panic!("rust-hdl's simulator cannot run `{}`: {error}", self.module),
        };
        let others = self.inputs.iter().zip(&words).enumerate().filter(|(place, _)| Some(*place) != self.clk);
        for (_, (Port { name, given, ty }, word)) in others {
            let (value, range) = (integer(word, ty), ty.range());
            let in_range = range.contains(&value);
            assert!(
                in_range || !rises,
                "input `{name}` of `{}` is {value}, which is not in {range}",
                self.module
            );
            simulation.set(given, value.clamp(range.lo().clone(), range.hi().clone()));
        }
        if rises {
            simulation.step();
        }
        let word = |Port { given, ty, .. }: &Port| simulation.peek(given) & mask(ty);
        let outputs: Vec<BigInt> = self.outputs.iter().map(word).collect();
        self.last = Some((words, outputs.clone()));
        outputs
    }
}

/// The ports of the Verilog with the names that the author gave them, both in the order of the circuit.
fn ports(named: Vec<(String, Type)>, given: impl Iterator<Item = String>) -> Vec<Port> {
    named.into_iter().zip(given).map(|((name, ty), given)| Port { name, given, ty }).collect()
}

/// The circuit's ports in the order of their declaration, and what does not fit.
fn in_order(
    circuit: &str,
    direction: &'static str,
    declared: &[PortDeclaration],
    mut ports: Vec<Port>,
) -> (Vec<Port>, Vec<BlockError>) {
    let circuit = circuit.to_string();
    let (mut ordered, mut errors) = (Vec::new(), Vec::new());
    for declaration in declared {
        let Some(index) = ports.iter().position(|port| port.name == declaration.name) else {
            errors.push(BlockError::Unknown { circuit: circuit.clone(), direction, port: declaration.name });
            continue;
        };
        let port = ports.remove(index);
        let unsigned = matches!(port.ty, Type::Int(_)) && !port.ty.is_signed();
        if declaration.width != port.ty.width() as usize || (declaration.signed && unsigned) {
            let declared = type_name(declaration.width, declaration.signed);
            let (circuit, wanted) = (circuit.clone(), port.wanted());
            errors.push(BlockError::WrongType { circuit, direction, port: port.name, declared, wanted });
        } else {
            ordered.push(port);
        }
    }
    errors.extend(ports.into_iter().map(|port| {
        let wanted = port.wanted();
        BlockError::Undeclared { circuit: circuit.clone(), direction, port: port.name, wanted }
    }));
    (ordered, errors)
}

impl Port {
    /// The type of rust-hdl that it should have.
    fn wanted(&self) -> String {
        match self.given.as_str() {
            "clk" => "Clock".into(),
            _ => type_name(self.ty.width() as usize, self.ty.is_signed()),
        }
    }
}

fn type_name(width: usize, signed: bool) -> String {
    match (width, signed) {
        (_, true) => format!("Signed<{width}>"),
        (1, false) => "Bit".into(),
        (_, false) => format!("Bits<{width}>"),
    }
}

/// The file behind a guard that names it by its content: a text with the same core twice has each module once, and one with
/// two different modules of one name is refused by every tool.
fn once(file: &SourceFile) -> String {
    let digest = Sha256::digest(&file.text);
    let digest: String = digest[..8].iter().map(|byte| format!("{byte:02X}")).collect();
    let guard = format!("TERNLET_{digest}");
    format!("`ifndef {guard}\n`define {guard}\n{}`endif\n", file.text)
}

fn mask(ty: &Type) -> BigInt {
    (BigInt::from(1) << ty.width()) - 1
}

/// The value of type `ty` whose two's complement is `word`.
fn integer(word: &BigInt, ty: &Type) -> BigInt {
    let negative = ty.is_signed() && word.bit(u64::from(ty.width()) - 1);
    if negative { word - (BigInt::from(1) << ty.width()) } else { word.clone() }
}
