//! What a circuit means, three times: to the interpreter, to Verilator and to Icarus.

mod assumptions;
mod build;
mod examples;
mod golden;
mod interpreter;
mod names;
mod operators;
mod random;
mod recipe;
mod simulate;
