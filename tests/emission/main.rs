//! What a circuit means, three times: to the interpreter, to Verilator and to Icarus.


mod build;

mod operators;

mod simulate;
