// The behaviour of Gowin cells as nextpnr places them, where that differs from Yosys's cells.
/* verilator lint_off DECLFILENAME */ // one file for the cells of a family

// A look-up table with a carry: P = table(I3, I2, I1, I0) and G = table(0, 0, I1, I0) give SUM = P ^ carry in and
// COUT = P ? carry in : G. nextpnr gives a mode, of which apycula knows the table, or the table itself.
module ALU #(
    parameter ALU_MODE = 0,
    parameter RAW_ALU_LUT = 32'h80000000, // none: a table has 16 bits
    parameter CIN_NETTYPE = ""
) (
    input  wire I0,
    input  wire I1,
    input  wire I2,
    input  wire I3,
    input  wire CIN,
    output wire SUM,
    output wire COUT
);
    localparam [15:0] TABLE =
        RAW_ALU_LUT != 32'h80000000 ? RAW_ALU_LUT :
        ALU_MODE == "C2L"   ? 16'h0000 :
        ALU_MODE == "ONE2C" ? 16'h000f :
        ALU_MODE == 0       ? 16'h606a : // add
        ALU_MODE == 1       ? 16'h909a : // subtract
        ALU_MODE == 2       ? 16'h609a : // add if I3, else subtract
        ALU_MODE == 3       ? 16'h909f : // not equal
        ALU_MODE == 4       ? 16'h909a : // at least
        ALU_MODE == 6       ? 16'ha0a0 : // count up
        ALU_MODE == 7       ? 16'h505f : // count down
        ALU_MODE == 8       ? 16'haf5a : // count up if I3, else down
                              16'h7888;  // multiply
    wire carry = CIN_NETTYPE == "VCC" ? 1'b1 : CIN_NETTYPE == "GND" ? 1'b0 : CIN;
    wire propagate = TABLE[{I3, I2, I1, I0}];
    assign SUM = propagate ^ carry;
    assign COUT = propagate ? carry : TABLE[{2'b00, I1, I0}];
endmodule

module GOWIN_VCC (
    output wire V
);
    assign V = 1'b1;
endmodule

module GOWIN_GND (
    output wire G
);
    assign G = 1'b0;
endmodule

// Four 16-bit memories of one bit, written at the edge, read at once.
module RAM16SDP4 #(
    parameter [15:0] INIT_0 = 16'd0,
    parameter [15:0] INIT_1 = 16'd0,
    parameter [15:0] INIT_2 = 16'd0,
    parameter [15:0] INIT_3 = 16'd0
) (
    input  wire       CLK,
    input  wire       CE,
    input  wire       WRE,
    input  wire [3:0] WAD,
    input  wire [3:0] RAD,
    input  wire [3:0] DI,
    output wire [3:0] DO
);
    reg [15:0] bit_0;
    reg [15:0] bit_1;
    reg [15:0] bit_2;
    reg [15:0] bit_3;
    initial begin
        bit_0 = INIT_0;
        bit_1 = INIT_1;
        bit_2 = INIT_2;
        bit_3 = INIT_3;
    end
    assign DO = {bit_3[RAD], bit_2[RAD], bit_1[RAD], bit_0[RAD]};
    always @(posedge CLK)
        if (CE && WRE) begin
            bit_0[WAD] <= DI[0];
            bit_1[WAD] <= DI[1];
            bit_2[WAD] <= DI[2];
            bit_3[WAD] <= DI[3];
        end
endmodule

module IBUF #(
    parameter NET_I = "",
    parameter NET_O = ""
) (
    input  wire I,
    output wire O
);
    assign O = I;
endmodule

module OBUF #(
    parameter NET_I = "",
    parameter NET_O = ""
) (
    input  wire I,
    output wire O
);
    assign O = I;
endmodule

// The set and reset of the whole device, which the board top leaves alone.
module GSR (
    input wire GSRI
);
endmodule

// The phase-locked loop makes the only clock: its frequency cannot be seen, so it is that of the pin.
module rPLL #(
    parameter FCLKIN = "",
    parameter IDIV_SEL = 0,
    parameter FBDIV_SEL = 0,
    parameter ODIV_SEL = 8,
    parameter DYN_SDIV_SEL = 2
) (
    input  wire CLKIN,
    input  wire CLKFB,
    input  wire RESET,
    input  wire RESET_P,
    output wire CLKOUT,
    output wire CLKOUTD,
    output wire LOCK
);
    assign CLKOUT = CLKIN;
    assign CLKOUTD = CLKIN;
    assign LOCK = 1'b1;
endmodule
