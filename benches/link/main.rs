//! What a link takes on iCE40, of netlists that have carried data, and how much of its line carries data where the adapter between board and host answers late;
//! the tables of docs/figures.md. Exit status 1 where a bound is missed.

mod reader;

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::process::ExitCode;
use std::time::Duration;
use ternlet::cli::shown_progress;
use ternlet::device::{Counts, Family};
use ternlet::flow::{self, Access, Design};
use ternlet::hdl::{Circuit, Module, Range, Stream, Timing, unsigned};
use ternlet::link::{Host, Link, Rate, Rings, Session, Setup, Wire, beat_bytes};
use ternlet::stream::{Field, Port, Ports};
use ternlet::tools::Toolchain;
use ternlet::verify::{Desk, Twin, VerilatorTools};
use ternlet::verilog::{SourceFile, cell_models, emit};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
const MHZ: f64 = 24.0;
const BAUD: u32 = 3_000_000;

/// For one stream of u8 in and one of s32 out.
const MOST_LUT4: u64 = 500;
const MOST_BLOCK_RAM: u64 = 2;
const LEAST_SHARE: f64 = 0.85;

/// A design of a stream in and a stream out, of so many bits each, that takes `takes` beats for each `gives` that it gives: each is the lowest bits of the last
/// beat that it took.
#[derive(Clone, Copy)]
struct Core {
    bits: [u32; 2],
    takes: usize,
    gives: usize,
}

impl Core {
    fn ports(self) -> Ports {
        let port = |name: &str, bits| Port::single(name, vec![Field::single("value", unsigned(bits))]);
        Ports { inputs: vec![port("x", self.bits[0])], outputs: vec![port("y", self.bits[1])] }
    }

    fn circuit(self) -> Circuit {
        let [wide, narrow] = self.bits;
        let m = Module::new("core");
        let x = m.input_stream("x", false, &unsigned(wide));
        let count = m.register(Range::new(0, self.takes - 1), 0).named("count");
        let is_last = count.get().eq(self.takes as i64 - 1);
        let (last, ready) = Stream::offer("last", x.valid() & is_last, None, *x.payload());
        let taken = x.take(!is_last | ready);
        count.set_when(taken.passes, count.get().next_count(is_last));
        let y = last.map(|x| x.wrap(unsigned(narrow))).repeated(self.gives);
        m.output_stream("y", y.stage());
        m.finish().unwrap_or_else(|violations| panic!("{violations:?}"))
    }

    /// What comes of bytes that go in.
    fn gives(self, sent: &[u8]) -> Vec<u8> {
        let ports = self.ports();
        let [size, given] = [&ports.inputs[0], &ports.outputs[0]].map(beat_bytes);
        let taken = sent.chunks_exact(size * self.takes).map(|beats| &beats[size * (self.takes - 1)..]);
        let beat = |x: &[u8]| {
            let mut y = x.to_vec();
            y.resize(given, 0);
            if !self.bits[1].is_multiple_of(8) {
                y[given - 1] &= (1 << (self.bits[1] % 8)) - 1;
            }
            y.repeat(self.gives)
        };
        taken.flat_map(beat).collect()
    }
}

/// A board whose adapter lets the host wait for what it has heard.
struct Late {
    twin: Twin,
    delay: Duration,
    heard: VecDeque<(Duration, Vec<u8>)>,
}

impl Wire for Late {
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)> {
        let now = self.twin.now();
        let (taken, heard) = self.twin.exchange(bytes)?;
        self.heard.push_back((now + self.delay, heard));
        let mut arrived = Vec::new();
        while self.heard.front().is_some_and(|(arrives, _)| *arrives <= now) {
            arrived.extend(self.heard.pop_front().into_iter().flat_map(|(_, heard)| heard));
        }
        Ok((taken, arrived))
    }

    fn now(&self) -> Duration {
        self.twin.now()
    }
}

struct Bench {
    toolchain: Toolchain,
    tools: VerilatorTools,
}

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let tools = VerilatorTools::of(&toolchain).expect("Verilator");
    let bench = Bench { toolchain, tools };
    let (costs, small) = bench.costs();
    let reader = bench.reader_costs();
    let (rates, fast) = bench.rates();
    let page = fs::read_to_string(PAGE).expect("the page");
    let page = with_table(&page, "link-cost", &costs);
    let page = with_table(&page, "reader-cost", &reader);
    fs::write(PAGE, with_table(&page, "link-rate", &rates)).expect("the page");
    if small && fast { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn with_table(page: &str, name: &str, table: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = page.split_once(&start).expect("the mark of the table");
    let (_, after) = rest.split_once(&end).expect("the mark of its end");
    format!("{before}{start}{table}{end}{after}")
}

impl Bench {
    fn costs(&self) -> (String, bool) {
        let mut table = String::from(
            "| bits in, out | rings, bytes | LUT4 | flip-flops | block RAM |\n|---|---|---|---|---|\n",
        );
        let mut met = true;
        for (bits, ring) in [
            ([8, 32], 9),
            ([8, 8], 9),
            ([8, 10], 9),
            ([64, 32], 9),
            ([256, 64], 9),
            ([8, 32], 11),
            ([8, 32], 13),
        ] {
            let core = Core { bits, takes: 1, gives: 1 };
            let Counts { lut4, ff, block_ram, .. } = self.counts(core, ring);
            let row = format!("| {}, {} | {} | {lut4} | {ff} | {block_ram} |\n", bits[0], bits[1], 1 << ring);
            print!("{row}");
            if (bits, ring) == ([8, 32], 9) {
                met &= lut4 <= MOST_LUT4 && block_ram <= MOST_BLOCK_RAM;
            }
            table += &row;
        }
        println!(
            "at most {MOST_LUT4} LUT4 and {MOST_BLOCK_RAM} block RAM of the first: {}",
            if met { "met" } else { "MISSED" }
        );
        (table, met)
    }

    /// Of a netlist that has carried data.
    fn counts(&self, core: Core, ring: u32) -> Counts {
        let ports = core.ports();
        let link = link(&ports, ring);
        let (name, sources) = (link.name(), link.sources());
        let design = Design {
            name: &name,
            sources: &sources,
            ports: Ports::default(),
            clocked: true,
            access: Access::Scan,
        };
        let netlist = flow::netlist(&self.toolchain, &design, Family::ICE40_UP)
            .unwrap_or_else(|error| panic!("{error}"));
        let gates = netlist.gates(&self.toolchain).unwrap_or_else(|error| panic!("{error}"));
        let data: Vec<u8> = (0..1500u32).map(|place| ((place * 37) >> 3) as u8).collect();
        self.carry(core, ring, &gates.sources, &gates.defines, &data, Duration::ZERO);
        netlist.counts
    }

    fn rates(&self) -> (String, bool) {
        let mut table = String::from(
            "| rings, bytes | direction | 0 ms | 1 ms | 4 ms | 16 ms |\n|---|---|---|---|---|---|\n",
        );
        let mut met = true;
        for ring in [9, 11, 13] {
            for (direction, core) in [
                ("in", Core { bits: [8, 8], takes: 64, gives: 1 }),
                ("out", Core { bits: [8, 32], takes: 1, gives: 32 }),
            ] {
                let mut row = format!("| {} | {direction} |", 1 << ring);
                for delay in [0, 1, 4, 16] {
                    let data = vec![0x5a; if direction == "in" { 128_000 } else { 1000 }];
                    let ports = core.ports();
                    let sources = link(&ports, ring).sources();
                    let cycles = self.carry(core, ring, &sources, &[], &data, Duration::from_millis(delay));
                    let bytes = if direction == "in" { data.len() } else { core.gives(&data).len() };
                    let share = bytes as f64 * 10.0 * MHZ * 1e6 / f64::from(BAUD) / cycles as f64;
                    let is_asked = (ring == 9 && delay == 0) || (ring == 13 && delay == 16);
                    met &= !is_asked || share >= LEAST_SHARE;
                    row += &format!(" {:.1} % |", 100.0 * share);
                }
                println!("{row}");
                table += &(row + "\n");
            }
        }
        println!(
            "85 % with the least rings and no delay, and with the largest and 16 ms: {}",
            if met { "met" } else { "MISSED" }
        );
        (table, met)
    }

    /// The cycles in which `data` has gone through, and all that comes of it has come. What the board sends arrives late.
    fn carry(
        &self,
        core: Core,
        ring: u32,
        sources: &[SourceFile],
        defines: &[String],
        data: &[u8],
        delay: Duration,
    ) -> u64 {
        let ports = core.ports();
        let circuit = core.circuit();
        let around = link(&ports, ring).around();
        let top = around.name.trim_end_matches(".v").to_owned();
        let sources = [sources, &emit(&circuit), &cell_models(&circuit), &[around]].concat();
        let desk = Desk { mhz: MHZ, baud: BAUD, seed: 1, resets: true, flash: false };
        let twin = Twin::start(&self.tools, &sources, defines, &top, desk);
        let wire =
            Late { twin: twin.unwrap_or_else(|error| panic!("{error}")), delay, heard: VecDeque::new() };
        let setup = Setup {
            into: vec![1 << ring],
            out: vec![1 << ring],
            patience: Duration::from_millis(50) + 2 * delay,
        };
        let whole = data.len() / beat_bytes(&ports.inputs[0]) * beat_bytes(&ports.inputs[0]);
        let took = exchanged(&setup, wire, &data[..whole], &core.gives(&data[..whole]));
        (took.as_secs_f64() * MHZ * 1e6).round() as u64
    }
}

/// Sends `data` until all that is `wanted` has come, and says how long that took from the begin of a session on.
fn exchanged(setup: &Setup, wire: impl Wire, data: &[u8], wanted: &[u8]) -> Duration {
    let mut host = Host::new(setup, 1);
    host.write(0, data);
    let mut session = Session::new(host, wire);
    let mut got = Vec::new();
    let mut begun = None;
    loop {
        let now = session.wire.now();
        assert!(
            now < Duration::from_secs(100),
            "{} of {} bytes: {:?}",
            got.len(),
            wanted.len(),
            session.host
        );
        session.step().unwrap_or_else(|error| panic!("{error}"));
        begun = begun.or(session.host.identity().map(|_| now));
        got.extend(session.host.read(0));
        if got.len() >= wanted.len() {
            assert!(got == wanted, "what came is not what was to come");
            return session.wire.now() - begun.expect("a session");
        }
    }
}

fn link(ports: &Ports, ring: u32) -> Link<'_> {
    Link {
        design: "core",
        core: "core",
        clocked: true,
        ports,
        passes: &[],
        rings: Rings { into: vec![ring], out: vec![ring] },
        rate: Rate::of(BAUD, MHZ).expect("eight cycles a bit"),
        identity: [0x5a, 0x15, 0x2c, 0x37, 0x41, 0x6e, 0x73, 0x08, 0x19, 0x22, 0x3b, 0x44, 0x7d],
        timing: Timing::combinational(),
    }
}
