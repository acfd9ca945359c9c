//! What reading streams out of the flash takes, of netlists that have read them.

use crate::{BAUD, Bench, MHZ, exchanged, link};
use std::time::Duration;
use ternlet::device::{Board, Counts};
use ternlet::flash::image;
use ternlet::flow::{self, Access, Design, Fed};
use ternlet::hdl::{Circuit, Module, unsigned};
use ternlet::link::{Link, Setup};
use ternlet::stream::{Field, Frame, Port, Ports, Tokens, Transfers};
use ternlet::verify::{Desk, Twin};
use ternlet::verilog::emit;

/// Beats of a stream in the flash.
const BEATS: usize = 300;

/// The streams that are read: their bits.
const STREAMS: [&[u32]; 4] = [&[8], &[20], &[8, 8], &[62]];

/// Rings of 512 bytes.
const RING: u32 = 9;

/// `y[i] = x[i] + the sum of all w[i]`, each `w` out of the flash, modulo 256.
fn circuit(streams: &[Port]) -> Circuit {
    let m = Module::new("core");
    let mut sum = m.input_stream("x", false, &unsigned(8));
    for port in streams {
        let w = m.input_stream(&port.name, true, &port.fields[0].range).unframed();
        // A stream has come whole before the next one begins.
        let w = w.fifo(BEATS);
        sum = sum.zip(w).map(|(sum, w)| (sum + w.wrap(unsigned(8))).wrap(unsigned(8)));
    }
    m.output_stream("y", sum.stage());
    m.finish().unwrap_or_else(|violations| panic!("{violations:?}"))
}

impl Bench {
    pub fn reader_costs(&self) -> String {
        let mut table = String::from("| streams, bits | LUT4 | flip-flops |\n|---|---|---|\n");
        for bits in STREAMS {
            let Counts { lut4, ff, .. } = self.reader_counts(bits);
            let bits: Vec<String> = bits.iter().map(u32::to_string).collect();
            let row = format!("| {} | {lut4} | {ff} |\n", bits.join(" and "));
            print!("{row}");
            table += &row;
        }
        table
    }

    /// Of a netlist through which all beats have come.
    fn reader_counts(&self, bits: &[u32]) -> Counts {
        let streams: Vec<Port> = (0..).zip(bits).map(|(place, &bits)| stream(place, bits)).collect();
        let port = |name: &str| Port::single(name, vec![Field::single("value", unsigned(8))]);
        let others = Ports { inputs: vec![port("x")], outputs: vec![port("y")] };
        let inputs = others.inputs.iter().chain(&streams).cloned().collect();
        let ports = Ports { inputs, outputs: others.outputs.clone() };

        let board = Board::named("icebreaker").expect("a board of ours");
        let sources = emit(&circuit(&streams));
        let design = Design { name: "core", sources: &sources, ports, clocked: true, access: Access::Scan };
        let names: Vec<String> = streams.iter().map(|port| port.name.clone()).collect();
        let fed = Fed::of(&design, &names, &board).expect("it has a flash").expect("there are streams");
        let (around, reader) = {
            let mut sources = fed.sources(&design, &board, MHZ);
            (sources.remove(0), sources)
        };
        let alone = Design {
            name: "core_flash",
            sources: &reader,
            ports: Ports::default(),
            clocked: true,
            access: Access::Scan,
        };
        let netlist =
            flow::netlist(&self.toolchain, &alone, board.family).unwrap_or_else(|error| panic!("{error}"));
        let gates = netlist.gates(&self.toolchain).unwrap_or_else(|error| panic!("{error}"));

        let core = Fed::name(&design);
        let link = Link { core: &core, passes: &flow::FLASH_PINS, ..link(&others, RING) };
        let top = link.around();
        let name = top.name.trim_end_matches(".v").to_owned();
        let all = [&gates.sources[..], &link.sources(), &sources, &[around, top]].concat();
        let desk = Desk { mhz: MHZ, baud: BAUD, seed: 1, resets: true, flash: true };
        let mut twin = Twin::start(&self.tools, &all, &gates.defines, &name, desk)
            .unwrap_or_else(|error| panic!("{error}"));
        let words: Transfers = streams.iter().map(|port| Tokens::pack(port, &values(port))).collect();
        twin.write_flash(fed.flash.free_from, &image(&streams, &words));

        let x: Vec<u8> = (0..BEATS).map(|place| (place * 7) as u8).collect();
        let add = |(place, x): (usize, &u8)| {
            let words = words.iter().map(|words| words.values[place] as u8);
            words.fold(*x, u8::wrapping_add)
        };
        let wanted: Vec<u8> = x.iter().enumerate().map(add).collect();
        let ring = 1 << RING;
        let setup = Setup { into: vec![ring], out: vec![ring], patience: Duration::from_millis(50) };
        exchanged(&setup, twin, &x, &wanted);
        netlist.counts
    }
}

fn stream(place: usize, bits: u32) -> Port {
    Port::new(&format!("w_{place}"), "value", 1, unsigned(bits), Frame::vector(BEATS).once())
}

/// What the flash holds of a stream.
fn values(port: &Port) -> Vec<i64> {
    let bits = port.width() as u32;
    (0..BEATS as u64).map(|place| (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as i64).collect()
}
