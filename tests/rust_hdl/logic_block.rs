//! A ternary MAC written by hand in rust-hdl: a second implementation that shares nothing with ours but its ports.

use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// `y = sum of w[i] * x[i]` over the beats of a frame, `w` in -1, 0, +1 in two bits of two's complement.
///
/// `X` bits of payload hold `LANES` signed activations of `INPUT` bits, `W` hold as many weights, and `Y` the sum. A beat
/// of `x` and one of `w` pass together; the sum waits in a register until it is taken.
#[derive(LogicBlock)]
pub struct TernaryMacBlock<
    const INPUT: usize,
    const LANES: usize,
    const X: usize,
    const W: usize,
    const Y: usize,
> {
    pub clk: Signal<In, Clock>,
    pub rst: Signal<In, Bit>,
    pub x_valid: Signal<In, Bit>,
    pub x_ready: Signal<Out, Bit>,
    pub x_payload: Signal<In, Bits<X>>,
    pub x_last: Signal<In, Bit>,
    pub w_valid: Signal<In, Bit>,
    pub w_ready: Signal<Out, Bit>,
    pub w_payload: Signal<In, Bits<W>>,
    pub w_last: Signal<In, Bit>,
    pub y_valid: Signal<Out, Bit>,
    pub y_ready: Signal<In, Bit>,
    pub y_payload: Signal<Out, Bits<Y>>,
    accumulator: DFF<Bits<Y>>,
    result: DFF<Bits<Y>>,
    full: DFF<Bit>,
    room: Signal<Local, Bit>,
    sum: Signal<Local, Bits<Y>>,
    lane: Signal<Local, Bits<Y>>,
    activations: Signal<Local, Bits<X>>,
    weights: Signal<Local, Bits<W>>,
    input_bits: Constant<Bits<X>>,
    /// The weight of an activation's sign bit.
    sign: Constant<Bits<Y>>,
}

impl<const INPUT: usize, const LANES: usize, const X: usize, const W: usize, const Y: usize> Default
    for TernaryMacBlock<INPUT, LANES, X, W, Y>
{
    fn default() -> Self {
        assert!(X == LANES * INPUT && W == LANES * 2, "the payloads are those of the lanes");
        Self {
            clk: Default::default(),
            rst: Default::default(),
            x_valid: Default::default(),
            x_ready: Default::default(),
            x_payload: Default::default(),
            x_last: Default::default(),
            w_valid: Default::default(),
            w_ready: Default::default(),
            w_payload: Default::default(),
            w_last: Default::default(),
            y_valid: Default::default(),
            y_ready: Default::default(),
            y_payload: Default::default(),
            accumulator: Default::default(),
            result: Default::default(),
            full: Default::default(),
            room: Default::default(),
            sum: Default::default(),
            lane: Default::default(),
            activations: Default::default(),
            weights: Default::default(),
            input_bits: Constant::new((INPUT as u64).into()),
            sign: Constant::new((1 << (INPUT - 1)).into()),
        }
    }
}

impl<const INPUT: usize, const LANES: usize, const X: usize, const W: usize, const Y: usize> Logic
    for TernaryMacBlock<INPUT, LANES, X, W, Y>
{
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clk, accumulator, result, full);
        self.room.next = !self.full.q.val() | self.y_ready.val();
        self.x_ready.next = self.w_valid.val() & self.room.val();
        self.w_ready.next = self.x_valid.val() & self.room.val();
        // rust-hdl's `signed_bit_cast` never returns for the least integer of a type: the sign is extended by hand.
        self.sum.next = self.accumulator.q.val();
        self.activations.next = self.x_payload.val();
        self.weights.next = self.w_payload.val();
        for _lane in 0..LANES {
            self.lane.next = (bit_cast::<Y, INPUT>(self.activations.val().get_bits::<INPUT>(0))
                ^ self.sign.val())
                - self.sign.val();
            if self.weights.val().get_bit(0) {
                if self.weights.val().get_bit(1) {
                    self.sum.next = self.sum.val() - self.lane.val();
                } else {
                    self.sum.next = self.sum.val() + self.lane.val();
                }
            }
            self.activations.next = self.activations.val() >> self.input_bits.val();
            self.weights.next = self.weights.val() >> 2;
        }
        if self.y_ready.val() {
            self.full.d.next = false;
        }
        if self.x_valid.val() & self.w_valid.val() & self.room.val() {
            self.accumulator.d.next = self.sum.val();
            if self.x_last.val() {
                self.accumulator.d.next = 0.into();
                self.result.d.next = self.sum.val();
                self.full.d.next = true;
            }
        }
        if self.rst.val() {
            self.accumulator.d.next = 0.into();
            self.full.d.next = false;
        }
        self.y_valid.next = self.full.q.val();
        self.y_payload.next = self.result.q.val();
    }
}
