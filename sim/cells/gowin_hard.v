// The behaviour of the Gowin cells that synthesis uses and Yosys has only the ports of: block RAM and multipliers; for
// simulation of netlists. Reads are not pipelined (READ_MODE 0) and resets are synchronous, as Yosys makes them.
/* verilator lint_off DECLFILENAME */ // one file for the cells of a family

`define TERNLET_INIT \
    INIT_RAM_00 = 0, INIT_RAM_01 = 0, INIT_RAM_02 = 0, INIT_RAM_03 = 0, INIT_RAM_04 = 0, INIT_RAM_05 = 0, \
    INIT_RAM_06 = 0, INIT_RAM_07 = 0, INIT_RAM_08 = 0, INIT_RAM_09 = 0, INIT_RAM_0A = 0, INIT_RAM_0B = 0, \
    INIT_RAM_0C = 0, INIT_RAM_0D = 0, INIT_RAM_0E = 0, INIT_RAM_0F = 0, INIT_RAM_10 = 0, INIT_RAM_11 = 0, \
    INIT_RAM_12 = 0, INIT_RAM_13 = 0, INIT_RAM_14 = 0, INIT_RAM_15 = 0, INIT_RAM_16 = 0, INIT_RAM_17 = 0, \
    INIT_RAM_18 = 0, INIT_RAM_19 = 0, INIT_RAM_1A = 0, INIT_RAM_1B = 0, INIT_RAM_1C = 0, INIT_RAM_1D = 0, \
    INIT_RAM_1E = 0, INIT_RAM_1F = 0, INIT_RAM_20 = 0, INIT_RAM_21 = 0, INIT_RAM_22 = 0, INIT_RAM_23 = 0, \
    INIT_RAM_24 = 0, INIT_RAM_25 = 0, INIT_RAM_26 = 0, INIT_RAM_27 = 0, INIT_RAM_28 = 0, INIT_RAM_29 = 0, \
    INIT_RAM_2A = 0, INIT_RAM_2B = 0, INIT_RAM_2C = 0, INIT_RAM_2D = 0, INIT_RAM_2E = 0, INIT_RAM_2F = 0, \
    INIT_RAM_30 = 0, INIT_RAM_31 = 0, INIT_RAM_32 = 0, INIT_RAM_33 = 0, INIT_RAM_34 = 0, INIT_RAM_35 = 0, \
    INIT_RAM_36 = 0, INIT_RAM_37 = 0, INIT_RAM_38 = 0, INIT_RAM_39 = 0, INIT_RAM_3A = 0, INIT_RAM_3B = 0, \
    INIT_RAM_3C = 0, INIT_RAM_3D = 0, INIT_RAM_3E = 0, INIT_RAM_3F = 0

`define TERNLET_CONTENTS \
    {INIT_RAM_3F, INIT_RAM_3E, INIT_RAM_3D, INIT_RAM_3C, INIT_RAM_3B, INIT_RAM_3A, INIT_RAM_39, INIT_RAM_38, \
    INIT_RAM_37, INIT_RAM_36, INIT_RAM_35, INIT_RAM_34, INIT_RAM_33, INIT_RAM_32, INIT_RAM_31, INIT_RAM_30, \
    INIT_RAM_2F, INIT_RAM_2E, INIT_RAM_2D, INIT_RAM_2C, INIT_RAM_2B, INIT_RAM_2A, INIT_RAM_29, INIT_RAM_28, \
    INIT_RAM_27, INIT_RAM_26, INIT_RAM_25, INIT_RAM_24, INIT_RAM_23, INIT_RAM_22, INIT_RAM_21, INIT_RAM_20, \
    INIT_RAM_1F, INIT_RAM_1E, INIT_RAM_1D, INIT_RAM_1C, INIT_RAM_1B, INIT_RAM_1A, INIT_RAM_19, INIT_RAM_18, \
    INIT_RAM_17, INIT_RAM_16, INIT_RAM_15, INIT_RAM_14, INIT_RAM_13, INIT_RAM_12, INIT_RAM_11, INIT_RAM_10, \
    INIT_RAM_0F, INIT_RAM_0E, INIT_RAM_0D, INIT_RAM_0C, INIT_RAM_0B, INIT_RAM_0A, INIT_RAM_09, INIT_RAM_08, \
    INIT_RAM_07, INIT_RAM_06, INIT_RAM_05, INIT_RAM_04, INIT_RAM_03, INIT_RAM_02, INIT_RAM_01, INIT_RAM_00}

module SP #(
    parameter READ_MODE = 0,
    parameter WRITE_MODE = 0,
    parameter BIT_WIDTH = 32,
    parameter BLK_SEL = 0,
    parameter RESET_MODE = "SYNC",
    parameter [255:0] `TERNLET_INIT
) (
    input  wire        CLK,
    input  wire        CE,
    input  wire        OCE,
    input  wire        RESET,
    input  wire        WRE,
    input  wire [2:0]  BLKSEL,
    input  wire [13:0] AD,
    input  wire [31:0] DI,
    output wire [31:0] DO
);
    wire [35:0] out;
    assign DO = out[31:0];
    ternlet_block_ram #(
        .BYTE(8), .PAIR(16), .INIT(`TERNLET_CONTENTS),
        .WIDTH_A(BIT_WIDTH), .WIDTH_B(BIT_WIDTH), .MODE_A(WRITE_MODE)
    ) ram (
        .clk_a(CLK), .enable_a(CE), .write_a(WRE), .reset_a(RESET), .address_a(AD), .in_a({4'd0, DI}), .out_a(out),
        .clk_b(CLK), .enable_b(1'b0), .write_b(1'b0), .reset_b(1'b0), .address_b(14'd0), .in_b(36'd0), .out_b()
    );
endmodule

module SPX9 #(
    parameter READ_MODE = 0,
    parameter WRITE_MODE = 0,
    parameter BIT_WIDTH = 36,
    parameter BLK_SEL = 0,
    parameter RESET_MODE = "SYNC",
    parameter [287:0] `TERNLET_INIT
) (
    input  wire        CLK,
    input  wire        CE,
    input  wire        OCE,
    input  wire        RESET,
    input  wire        WRE,
    input  wire [2:0]  BLKSEL,
    input  wire [13:0] AD,
    input  wire [35:0] DI,
    output wire [35:0] DO
);
    wire [35:0] out;
    assign DO = out[35:0];
    ternlet_block_ram #(
        .BYTE(9), .PAIR(18), .INIT(`TERNLET_CONTENTS),
        .WIDTH_A(BIT_WIDTH), .WIDTH_B(BIT_WIDTH), .MODE_A(WRITE_MODE)
    ) ram (
        .clk_a(CLK), .enable_a(CE), .write_a(WRE), .reset_a(RESET), .address_a(AD), .in_a(DI), .out_a(out),
        .clk_b(CLK), .enable_b(1'b0), .write_b(1'b0), .reset_b(1'b0), .address_b(14'd0), .in_b(36'd0), .out_b()
    );
endmodule

// GW5A has one reset where the others have one a port.
`ifdef GW5A
`define TERNLET_RESETS input wire RESET,
`define TERNLET_READ_RESET RESET
`else
`define TERNLET_RESETS input wire RESETA, input wire RESETB,
`define TERNLET_READ_RESET RESETB
`endif

module SDPB #(
    parameter READ_MODE = 0,
    parameter BIT_WIDTH_0 = 32,
    parameter BIT_WIDTH_1 = 32,
    parameter BLK_SEL_0 = 0,
    parameter BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC",
    parameter [255:0] `TERNLET_INIT
) (
    input  wire        CLKA,
    input  wire        CEA,
    input  wire [2:0]  BLKSELA,
    input  wire [13:0] ADA,
    input  wire [31:0] DI,
    input  wire        CLKB,
    input  wire        CEB,
    input  wire        OCE,
    `TERNLET_RESETS
    input  wire [2:0]  BLKSELB,
    input  wire [13:0] ADB,
    output wire [31:0] DO
);
    wire [35:0] out;
    assign DO = out[31:0];
    ternlet_block_ram #(
        .BYTE(8), .PAIR(16), .INIT(`TERNLET_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1)
    ) ram (
        .clk_a(CLKA), .enable_a(CEA), .write_a(1'b1), .reset_a(1'b0), .address_a(ADA), .in_a({4'd0, DI}), .out_a(),
        .clk_b(CLKB), .enable_b(CEB), .write_b(1'b0), .reset_b(`TERNLET_READ_RESET), .address_b(ADB), .in_b(36'd0), .out_b(out)
    );
endmodule

module SDPX9B #(
    parameter READ_MODE = 0,
    parameter BIT_WIDTH_0 = 36,
    parameter BIT_WIDTH_1 = 36,
    parameter BLK_SEL_0 = 0,
    parameter BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC",
    parameter [287:0] `TERNLET_INIT
) (
    input  wire        CLKA,
    input  wire        CEA,
    input  wire [2:0]  BLKSELA,
    input  wire [13:0] ADA,
    input  wire [35:0] DI,
    input  wire        CLKB,
    input  wire        CEB,
    input  wire        OCE,
    `TERNLET_RESETS
    input  wire [2:0]  BLKSELB,
    input  wire [13:0] ADB,
    output wire [35:0] DO
);
    wire [35:0] out;
    assign DO = out[35:0];
    ternlet_block_ram #(
        .BYTE(9), .PAIR(18), .INIT(`TERNLET_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1)
    ) ram (
        .clk_a(CLKA), .enable_a(CEA), .write_a(1'b1), .reset_a(1'b0), .address_a(ADA), .in_a(DI), .out_a(),
        .clk_b(CLKB), .enable_b(CEB), .write_b(1'b0), .reset_b(`TERNLET_READ_RESET), .address_b(ADB), .in_b(36'd0), .out_b(out)
    );
endmodule

module DPB #(
    parameter READ_MODE0 = 0,
    parameter READ_MODE1 = 0,
    parameter WRITE_MODE0 = 0,
    parameter WRITE_MODE1 = 0,
    parameter BIT_WIDTH_0 = 16,
    parameter BIT_WIDTH_1 = 16,
    parameter BLK_SEL_0 = 0,
    parameter BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC",
    parameter [255:0] `TERNLET_INIT
) (
    input  wire        CLKA,
    input  wire        CEA,
    input  wire        OCEA,
    input  wire        RESETA,
    input  wire        WREA,
    input  wire [2:0]  BLKSELA,
    input  wire [13:0] ADA,
    input  wire [15:0] DIA,
    output wire [15:0] DOA,
    input  wire        CLKB,
    input  wire        CEB,
    input  wire        OCEB,
    input  wire        RESETB,
    input  wire        WREB,
    input  wire [2:0]  BLKSELB,
    input  wire [13:0] ADB,
    input  wire [15:0] DIB,
    output wire [15:0] DOB
);
    wire [35:0] out_a;
    wire [35:0] out_b;
    assign DOA = out_a[15:0];
    assign DOB = out_b[15:0];
    ternlet_block_ram #(
        .BYTE(8), .PAIR(16), .INIT(`TERNLET_CONTENTS),
        .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .MODE_A(WRITE_MODE0), .MODE_B(WRITE_MODE1)
    ) ram (
        .clk_a(CLKA), .enable_a(CEA), .write_a(WREA), .reset_a(RESETA), .address_a(ADA), .in_a({20'd0, DIA}), .out_a(out_a),
        .clk_b(CLKB), .enable_b(CEB), .write_b(WREB), .reset_b(RESETB), .address_b(ADB), .in_b({20'd0, DIB}), .out_b(out_b)
    );
endmodule

module DPX9B #(
    parameter READ_MODE0 = 0,
    parameter READ_MODE1 = 0,
    parameter WRITE_MODE0 = 0,
    parameter WRITE_MODE1 = 0,
    parameter BIT_WIDTH_0 = 18,
    parameter BIT_WIDTH_1 = 18,
    parameter BLK_SEL_0 = 0,
    parameter BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC",
    parameter [287:0] `TERNLET_INIT
) (
    input  wire        CLKA,
    input  wire        CEA,
    input  wire        OCEA,
    input  wire        RESETA,
    input  wire        WREA,
    input  wire [2:0]  BLKSELA,
    input  wire [13:0] ADA,
    input  wire [17:0] DIA,
    output wire [17:0] DOA,
    input  wire        CLKB,
    input  wire        CEB,
    input  wire        OCEB,
    input  wire        RESETB,
    input  wire        WREB,
    input  wire [2:0]  BLKSELB,
    input  wire [13:0] ADB,
    input  wire [17:0] DIB,
    output wire [17:0] DOB
);
    wire [35:0] out_a;
    wire [35:0] out_b;
    assign DOA = out_a[17:0];
    assign DOB = out_b[17:0];
    ternlet_block_ram #(
        .BYTE(9), .PAIR(18), .INIT(`TERNLET_CONTENTS),
        .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .MODE_A(WRITE_MODE0), .MODE_B(WRITE_MODE1)
    ) ram (
        .clk_a(CLKA), .enable_a(CEA), .write_a(WREA), .reset_a(RESETA), .address_a(ADA), .in_a({18'd0, DIA}), .out_a(out_a),
        .clk_b(CLKB), .enable_b(CEB), .write_b(WREB), .reset_b(RESETB), .address_b(ADB), .in_b({18'd0, DIB}), .out_b(out_b)
    );
endmodule

// A product, each factor signed if its SIGN is 1. Yosys uses no registers of it.
module ternlet_multiplier #(
    parameter WIDTH = 18
) (
    input  wire [WIDTH-1:0]   a,
    input  wire [WIDTH-1:0]   b,
    input  wire               a_sign,
    input  wire               b_sign,
    output wire [2*WIDTH-1:0] product
);
    wire signed [2*WIDTH-1:0] wide_a = {{WIDTH{a_sign & a[WIDTH-1]}}, a};
    wire signed [2*WIDTH-1:0] wide_b = {{WIDTH{b_sign & b[WIDTH-1]}}, b};
    assign product = wide_a * wide_b;
endmodule

module MULT9X9 (
    input  wire        CLK,
    input  wire        CE,
    input  wire        RESET,
    input  wire [8:0] A,
    input  wire [8:0] SIA,
    input  wire        ASEL,
    input  wire        ASIGN,
    input  wire [8:0] B,
    input  wire [8:0] SIB,
    input  wire        BSEL,
    input  wire        BSIGN,
    output wire [17:0] DOUT
);
    ternlet_multiplier #(.WIDTH(9)) multiplier (.a(A), .b(B), .a_sign(ASIGN), .b_sign(BSIGN), .product(DOUT));
endmodule

module MULT18X18 (
    input  wire        CLK,
    input  wire        CE,
    input  wire        RESET,
    input  wire [17:0] A,
    input  wire [17:0] SIA,
    input  wire        ASEL,
    input  wire        ASIGN,
    input  wire [17:0] B,
    input  wire [17:0] SIB,
    input  wire        BSEL,
    input  wire        BSIGN,
    output wire [35:0] DOUT
);
    ternlet_multiplier #(.WIDTH(18)) multiplier (.a(A), .b(B), .a_sign(ASIGN), .b_sign(BSIGN), .product(DOUT));
endmodule

module MULT36X36 (
    input  wire        CLK,
    input  wire        CE,
    input  wire        RESET,
    input  wire [35:0] A,
    input  wire        ASIGN,
    input  wire [35:0] B,
    input  wire        BSIGN,
    output wire [71:0] DOUT
);
    ternlet_multiplier #(.WIDTH(36)) multiplier (.a(A), .b(B), .a_sign(ASIGN), .b_sign(BSIGN), .product(DOUT));
endmodule
