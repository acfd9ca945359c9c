//! What a circuit means, three times: to the interpreter, to Verilator and to Icarus.

mod assumptions;
mod build;
mod golden;
mod interpreter;
mod operators;
mod random;
mod recipe;
mod simulate;
