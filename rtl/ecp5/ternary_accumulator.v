// An accumulator that adds x, subtracts it, or does neither, in one look-up table and one flip-flop a bit (ECP5).
//
// In each clock cycle: rst or clear makes acc 0; otherwise, with enable,
//     acc <= acc + x   nonzero = 1, negative = 0
//     acc <= acc - x   nonzero = 1, negative = 1
//     acc <= acc       nonzero = 0, whatever negative is
// modulo 2^WIDTH. X_WIDTH may be 1 to WIDTH.
//
// The look-up table before each carry has four inputs, which is one more than an adder-subtractor needs; the fourth
// takes the zero. Synthesis does not find this by itself. CCU2C holds two bits of the chain. Slot 0 of the chain
// makes the carry-in, slot k + 1 is bit k: WIDTH + 1 slots, in (WIDTH + 2) / 2 cells.
module ternary_accumulator #(
    parameter WIDTH = 16,
    parameter X_WIDTH = 8
) (
    input  wire                      clk,
    input  wire                      rst,
    input  wire                      clear,
    input  wire                      enable,
    input  wire signed [X_WIDTH-1:0] x,
    input  wire                      negative,
    input  wire                      nonzero,
    output reg  signed [WIDTH-1:0]   acc
);
    localparam CELLS = (WIDTH + 2) / 2;

    // A = acc, B = x, C = negative, D = nonzero: D ? (C ? A xnor B : A xor B) : A. Where that is 0, the carry is A.
    localparam [15:0] SUM = 16'h96AA;
    // A = negative, B = nonzero, D = 1: 0, and so the carry is A and B.
    localparam [15:0] CARRY_IN = 16'h0008;

    // What each slot gets and gives. A slot past the last bit adds 0 to 0.
    wire [2*CELLS-1:0] a, b, c, d, s;
    wire [CELLS:0] carry;

    assign carry[0] = 1'b0;
    assign {a[0], b[0], c[0], d[0]} = {negative, nonzero, 1'b0, 1'b1};

    genvar slot, cell_index;
    generate
        for (slot = 1; slot < 2 * CELLS; slot = slot + 1) begin : slots
            if (slot <= WIDTH) begin : used
                assign a[slot] = acc[slot-1];
                // Past its own bits, x goes on with its sign.
                assign b[slot] = x[(slot <= X_WIDTH) ? slot - 1 : X_WIDTH - 1];
                assign {c[slot], d[slot]} = {negative, nonzero};
            end else begin : spare
                assign {a[slot], b[slot], c[slot], d[slot]} = 4'b0000;
            end
        end
        for (cell_index = 0; cell_index < CELLS; cell_index = cell_index + 1) begin : chain
            CCU2C #(
                .INIT0(cell_index == 0 ? CARRY_IN : SUM),
                .INIT1(SUM),
                .INJECT1_0("NO"),
                .INJECT1_1("NO")
            ) slots_of_two (
                .CIN(carry[cell_index]),
                .A0(a[2*cell_index]),
                .B0(b[2*cell_index]),
                .C0(c[2*cell_index]),
                .D0(d[2*cell_index]),
                .A1(a[2*cell_index+1]),
                .B1(b[2*cell_index+1]),
                .C1(c[2*cell_index+1]),
                .D1(d[2*cell_index+1]),
                .S0(s[2*cell_index]),
                .S1(s[2*cell_index+1]),
                .COUT(carry[cell_index+1])
            );
        end
    endgenerate

    always @(posedge clk) begin
        if (rst | clear) acc <= {WIDTH{1'b0}};
        else if (enable) acc <= s[WIDTH:1];
    end

    // The carry-in's own sum, the carry out of the top and, for even widths, nothing more have no reader.
    wire unused = &{1'b0, s, carry};
endmodule
