// The behaviour of the GateMate cell that a board top uses and Yosys has only the ports of, for its simulation.
/* verilator lint_off DECLFILENAME */ // one file for the cells of a family

// A phase-locked loop whose clock is the only one: its frequency cannot be seen, so it is that of the pin.
module CC_PLL #(
    parameter REF_CLK = "",
    parameter OUT_CLK = "",
    parameter PERF_MD = "",
    parameter LOCK_REQ = 1,
    parameter CLK270_DOUB = 0,
    parameter CLK180_DOUB = 0,
    parameter LOW_JITTER = 1,
    parameter CI_FILTER_CONST = 2,
    parameter CP_FILTER_CONST = 4
) (
    input  wire CLK_REF,
    input  wire CLK_FEEDBACK,
    input  wire USR_CLK_REF,
    input  wire USR_LOCKED_STDY_RST,
    output wire USR_PLL_LOCKED_STDY,
    output wire USR_PLL_LOCKED,
    output wire CLK270,
    output wire CLK180,
    output wire CLK90,
    output wire CLK0,
    output wire CLK_REF_OUT
);
    assign CLK0 = CLK_REF;
    assign CLK90 = CLK_REF;
    assign CLK180 = CLK_REF;
    assign CLK270 = CLK_REF;
    assign CLK_REF_OUT = CLK_REF;
    assign USR_PLL_LOCKED = 1'b1;
    assign USR_PLL_LOCKED_STDY = 1'b1;
endmodule
