//! Every datapath: hardware equals golden model in the interpreter and under Verilator, at several pipeline depths; golden
//! models equal what nobody here wrote.

mod add;
mod argmax;
mod batches;
mod check;
mod codebook_mac;
mod compression;
mod concat;
mod constant;
mod convolution;
mod crop;
mod edge_enhance;
mod extremes;
mod faults;
mod flatten;
mod gradient_prune;
mod graph;
mod large_memory;
mod lifting;
mod loaded;
mod map_vectors;
#[path = "../support/measured.rs"]
mod measured;
mod nm_compress;
mod nm_mac;
mod nm_select;
mod pad;
mod patches;
mod pixel_shuffle;
mod pool;
mod products;
mod progress;
mod promises;
mod random;
mod remembered;
mod requantize;
mod rooms;
mod scales;
mod schedule;
mod slb_select;
#[path = "../support/small.rs"]
mod small;
mod sr_ste_update;
mod ternary_mac;
mod thresholds;
mod timed;
mod trained;
#[path = "../support/transposed.rs"]
mod transposed;
mod transposed_convolution;
mod upsample;
mod wavelet_quantizer;
