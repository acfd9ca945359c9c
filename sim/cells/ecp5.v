// Behaviour of the ECP5 cells that rtl/ecp5 instantiates, for simulation; synthesis has the cells themselves.
/* verilator lint_off DECLFILENAME */ // one file for the cells of a family

// Two bits of a carry chain. In each half a look-up table INIT of {D, C, B, A} says what the bit is before the carry: its
// sum is that, inverted by the carry; the carry goes on where it is 1, otherwise INIT[{B, A}] replaces it.
// INJECT1 = "YES" takes the half out of the chain: its sum ignores the carry and it passes on only a carry that goes on.
module CCU2C #(
    parameter [15:0] INIT0 = 16'h0000,
    parameter [15:0] INIT1 = 16'h0000,
    // Text of three letters: "YES", or "NO".
    parameter [23:0] INJECT1_0 = "YES",
    parameter [23:0] INJECT1_1 = "YES"
) (
    input  wire CIN,
    input  wire A0,
    input  wire B0,
    input  wire C0,
    input  wire D0,
    input  wire A1,
    input  wire B1,
    input  wire C1,
    input  wire D1,
    output wire S0,
    output wire S1,
    output wire COUT
);
    wire on0 = INIT0[{D0, C0, B0, A0}];
    wire on1 = INIT1[{D1, C1, B1, A1}];
    wire chained0 = INJECT1_0 != "YES";
    wire chained1 = INJECT1_1 != "YES";
    wire carry = on0 ? CIN : chained0 & INIT0[{2'b00, B0, A0}];
    assign S0 = on0 ^ (chained0 & CIN);
    assign S1 = on1 ^ (chained1 & carry);
    assign COUT = on1 ? carry : chained1 & INIT1[{2'b00, B1, A1}];
endmodule
