# `make test` is all that a fresh machine needs: Rust, Python 3 and g++ are there, the rest installs itself. Clippy sees the crate without its feature and
# with it; what runs is compiled once, with it.
.PHONY: test nightly nodes mutants readme campaign
test:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --features rust-hdl-boards --lib --test rust_hdl --example alchitry_cu -- -D warnings
	cargo build --features rust-hdl-boards
	./target/debug/ternlet tools install
	cargo test --features rust-hdl-boards -- --test-threads 2
	cargo run --features rust-hdl-boards --example smoothing_filter

# Every example as a netlist on every board, and as a bitstream on both iCE40 boards; a thousand random graphs; mutated design files and
# models; ONNX's own tests of its operators; every example's netlist proved equal to its Verilog.
nightly: nodes
	cargo test --test ladder --test datapaths --test refusals --test import --test desk --test prove -- --ignored --test-threads 2

# ONNX's own tests of its operators, fetched once; writes the page docs/node-tests.md.
nodes:
	cargo bench --profile dev --bench nodes

# Mutants of every example; writes the table in docs/verification.md.
mutants:
	cargo bench --bench mutants

# The rows of the README's table that flows of examples give, and the picture of its report.
readme:
	cargo bench --bench readme

# A thousand random designs of all kinds on all boards; SEED=17 does that one alone, ARGUMENTS="--designs 100 --simulate 0" fewer.
campaign:
	cargo bench --profile dev --bench campaign -- $(if $(SEED),--seed $(SEED)) $(ARGUMENTS)
