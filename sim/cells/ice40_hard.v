// The behaviour of the iCE40 cells that a board top uses and Yosys has only the ports of, for simulation of bitstreams.
/* verilator lint_off DECLFILENAME */ // one file for the cells of a family

// A phase-locked loop whose clock is the only one: its frequency cannot be seen, so it is that of the pin.
module ternlet_pll (
    input  wire in,
    output wire out,
    output wire lock
);
    assign out = in;
    assign lock = 1'b1;
endmodule

module SB_PLL40_CORE #(
    parameter FEEDBACK_PATH = "SIMPLE",
    parameter DELAY_ADJUSTMENT_MODE_FEEDBACK = "FIXED",
    parameter DELAY_ADJUSTMENT_MODE_RELATIVE = "FIXED",
    parameter PLLOUT_SELECT = "GENCLK",
    parameter SHIFTREG_DIV_MODE = 0,
    parameter FDA_FEEDBACK = 0,
    parameter FDA_RELATIVE = 0,
    parameter [3:0] DIVR = 0,
    parameter [6:0] DIVF = 0,
    parameter [2:0] DIVQ = 0,
    parameter [2:0] FILTER_RANGE = 0,
    parameter ENABLE_ICEGATE = 0,
    parameter TEST_MODE = 0
) (
    input  wire       REFERENCECLK,
    input  wire       EXTFEEDBACK,
    input  wire [7:0] DYNAMICDELAY,
    input  wire       LATCHINPUTVALUE,
    input  wire       BYPASS,
    input  wire       RESETB,
    input  wire       SDI,
    input  wire       SCLK,
    output wire       SDO,
    output wire       PLLOUTCORE,
    output wire       PLLOUTGLOBAL,
    output wire       LOCK
);
    ternlet_pll pll (.in(REFERENCECLK), .out(PLLOUTGLOBAL), .lock(LOCK));
    assign PLLOUTCORE = PLLOUTGLOBAL;
    assign SDO = 1'b0;
endmodule

module SB_PLL40_PAD #(
    parameter FEEDBACK_PATH = "SIMPLE",
    parameter DELAY_ADJUSTMENT_MODE_FEEDBACK = "FIXED",
    parameter DELAY_ADJUSTMENT_MODE_RELATIVE = "FIXED",
    parameter PLLOUT_SELECT = "GENCLK",
    parameter SHIFTREG_DIV_MODE = 0,
    parameter FDA_FEEDBACK = 0,
    parameter FDA_RELATIVE = 0,
    parameter [3:0] DIVR = 0,
    parameter [6:0] DIVF = 0,
    parameter [2:0] DIVQ = 0,
    parameter [2:0] FILTER_RANGE = 0,
    parameter ENABLE_ICEGATE = 0,
    parameter TEST_MODE = 0
) (
    input  wire       PACKAGEPIN,
    input  wire       EXTFEEDBACK,
    input  wire [7:0] DYNAMICDELAY,
    input  wire       LATCHINPUTVALUE,
    input  wire       BYPASS,
    input  wire       RESETB,
    input  wire       SDI,
    input  wire       SCLK,
    output wire       SDO,
    output wire       PLLOUTCORE,
    output wire       PLLOUTGLOBAL,
    output wire       LOCK
);
    ternlet_pll pll (.in(PACKAGEPIN), .out(PLLOUTGLOBAL), .lock(LOCK));
    assign PLLOUTCORE = PLLOUTGLOBAL;
    assign SDO = 1'b0;
endmodule
