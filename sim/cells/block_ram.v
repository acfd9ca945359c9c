// The behaviour of a block RAM of 18 kbit with two ports, which the cells of several families wrap; for simulation only.
/* verilator lint_off DECLFILENAME */

// 2048 bytes of BYTE bits (8, or 9 with the parity). A port is WIDTH bits wide: 1, 2, 4, or 1, 2 or 4 bytes. Addresses
// count bits of bytes of 8; those inside a word are ignored, but where a word is 2 or 4 bytes they say which of them a
// write changes. A read comes a clock edge later; while it writes, a port keeps what it read (MODE 0), shows the new word
// (1) or the old one (2). What one port reads while the other writes there is undefined.
// Bytes 2k and 2k + 1 start with the two lowest of the bits INIT[PAIR * k +: PAIR].
module ternlet_block_ram #(
    parameter BYTE = 9,
    parameter PAIR = 18,
    parameter [1024*PAIR-1:0] INIT = 0,
    parameter WIDTH_A = 9,
    parameter WIDTH_B = 9,
    parameter [1:0] MODE_A = 0,
    parameter [1:0] MODE_B = 0
) (
    input  wire        clk_a,
    input  wire        enable_a,
    input  wire        write_a,
    input  wire        reset_a,
    input  wire [13:0] address_a,
    input  wire [35:0] in_a,
    output reg  [35:0] out_a,
    input  wire        clk_b,
    input  wire        enable_b,
    input  wire        write_b,
    input  wire        reset_b,
    input  wire [13:0] address_b,
    input  wire [35:0] in_b,
    output reg  [35:0] out_b
);
    // Bits of an address that a word takes.
    localparam SPAN_A = WIDTH_A < 8 ? WIDTH_A : WIDTH_A / BYTE * 8;
    localparam SPAN_B = WIDTH_B < 8 ? WIDTH_B : WIDTH_B / BYTE * 8;
    localparam SPAN = SPAN_A > SPAN_B ? SPAN_A : SPAN_B;

    reg [BYTE-1:0] bytes [0:2047];
    integer i;
    initial
        for (i = 0; i < 2048; i = i + 1)
            bytes[i] = INIT[PAIR * (i / 2) + BYTE * (i % 2) +: BYTE];

    function [35:0] word;
        input integer width;
        input integer span;
        input [13:0] address;
        integer n;
        begin
            word = 36'd0;
            if (width < 8)
                for (n = 0; n < width; n = n + 1)
                    word[n] = bytes[address[13:3]][(address[2:0] & ~(span - 1)) + n];
            else
                for (n = 0; n < span / 8; n = n + 1)
                    word[BYTE * n +: BYTE] = bytes[(address[13:3] & ~(span / 8 - 1)) + n];
        end
    endfunction

    // Byte n of a word is written where the word is 1 byte, or bit n of the address is set.
    task store;
        input integer width;
        input integer span;
        input [13:0] address;
        input [35:0] value;
        integer n;
        if (width < 8)
            for (n = 0; n < width; n = n + 1)
                bytes[address[13:3]][(address[2:0] & ~(span - 1)) + n] <= value[n];
        else
            for (n = 0; n < span / 8; n = n + 1)
                if (span == 8 || address[n])
                    bytes[(address[13:3] & ~(span / 8 - 1)) + n] <= value[BYTE * n +: BYTE];
    endtask

    wire stores_a = enable_a && write_a;
    wire stores_b = enable_b && write_b;
    wire meet = address_a / SPAN == address_b / SPAN;

    always @(posedge clk_a) begin
        if (stores_a) store(WIDTH_A, SPAN_A, address_a, in_a);
        if (reset_a) out_a <= 36'd0;
        else if (stores_a) begin
            if (MODE_A == 2'd1) out_a <= in_a;
            if (MODE_A == 2'd2) out_a <= word(WIDTH_A, SPAN_A, address_a);
        end else if (enable_a) out_a <= stores_b && meet ? {36{1'bx}} : word(WIDTH_A, SPAN_A, address_a);
    end

    always @(posedge clk_b) begin
        if (stores_b) store(WIDTH_B, SPAN_B, address_b, in_b);
        if (reset_b) out_b <= 36'd0;
        else if (stores_b) begin
            if (MODE_B == 2'd1) out_b <= in_b;
            if (MODE_B == 2'd2) out_b <= word(WIDTH_B, SPAN_B, address_b);
        end else if (enable_b) out_b <= stores_a && meet ? {36{1'bx}} : word(WIDTH_B, SPAN_B, address_b);
    end
endmodule
