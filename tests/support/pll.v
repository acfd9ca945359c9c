// Phase-locked loops in time: the frequencies that the vendors' data sheets give for the cells' parameters.
`timescale 1ns / 1ps

// A clock of NUMERATOR / DENOMINATOR times the frequency of the one that enters.
module frequency #(
    parameter NUMERATOR = 1,
    parameter DENOMINATOR = 1
) (
    input      in,
    output reg out
);
    realtime last;
    realtime period;
    always @(posedge in) begin
        period = $realtime - last;
        last = $realtime;
    end
    initial begin
        out = 0;
        last = 0;
        repeat (3) @(posedge in);
        #0.001;
        forever #(period * DENOMINATOR / NUMERATOR / 2.0) out = !out;
    end
endmodule

module SB_PLL40_PAD #(
    parameter FEEDBACK_PATH = "",
    parameter [3:0] DIVR = 0,
    parameter [6:0] DIVF = 0,
    parameter [2:0] DIVQ = 0,
    parameter [2:0] FILTER_RANGE = 0
) (
    input  PACKAGEPIN,
    input  RESETB,
    input  BYPASS,
    output PLLOUTGLOBAL,
    output LOCK
);
    frequency #(.NUMERATOR(DIVF + 32'd1), .DENOMINATOR((32'd1 << DIVQ) * (DIVR + 32'd1))) f (.in(PACKAGEPIN), .out(PLLOUTGLOBAL));
    assign LOCK = RESETB && !BYPASS;
endmodule

module EHXPLLL #(
    parameter FEEDBK_PATH = "",
    parameter CLKI_DIV = 1,
    parameter CLKFB_DIV = 1,
    parameter CLKOP_ENABLE = "DISABLED",
    parameter CLKOP_DIV = 8,
    parameter CLKOP_CPHASE = 0,
    parameter CLKOS_ENABLE = "DISABLED",
    parameter CLKOS_DIV = 8,
    parameter CLKOS_CPHASE = 0
) (
    input  CLKI,
    input  CLKFB,
    input  RST,
    input  STDBY,
    input  PHASESEL0,
    input  PHASESEL1,
    input  PHASEDIR,
    input  PHASESTEP,
    input  PHASELOADREG,
    input  PLLWAKESYNC,
    input  ENCLKOP,
    input  ENCLKOS,
    output CLKOP,
    output CLKOS,
    output LOCK
);
    frequency #(.NUMERATOR(CLKFB_DIV), .DENOMINATOR(CLKI_DIV)) feedback (.in(CLKI), .out(CLKOP));
    frequency #(.NUMERATOR(CLKFB_DIV * CLKOP_DIV), .DENOMINATOR(CLKI_DIV * CLKOS_DIV)) f (.in(CLKI), .out(CLKOS));
    assign LOCK = !RST && !STDBY && FEEDBK_PATH == "CLKOP" && CLKOP_ENABLE == "ENABLED" && CLKOS_ENABLE == "ENABLED";
endmodule

module rPLL #(
    parameter FCLKIN = "",
    parameter IDIV_SEL = 0,
    parameter FBDIV_SEL = 0,
    parameter ODIV_SEL = 8,
    parameter DYN_SDIV_SEL = 2
) (
    input  CLKIN,
    input  CLKFB,
    input  RESET,
    input  RESET_P,
    output CLKOUT,
    output CLKOUTD,
    output LOCK
);
    frequency #(.NUMERATOR(FBDIV_SEL + 1), .DENOMINATOR(IDIV_SEL + 1)) out (.in(CLKIN), .out(CLKOUT));
    frequency #(.NUMERATOR(FBDIV_SEL + 1), .DENOMINATOR((IDIV_SEL + 1) * DYN_SDIV_SEL)) out_d (.in(CLKIN), .out(CLKOUTD));
    assign LOCK = !RESET && !RESET_P;
endmodule
