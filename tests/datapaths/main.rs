//! Every datapath: hardware equals golden model in the interpreter and under Verilator, at several pipeline depths; golden
//! models equal what nobody here wrote.

mod argmax;
mod check;
mod codebook_mac;
mod constant;
mod faults;
mod network;
mod nm_mac;
mod requantize;
mod ternary_mac;
