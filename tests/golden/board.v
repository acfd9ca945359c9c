// ---- board.v
// Design board, text <hash>, written by ternlet <version>
module board (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [1:0] speed,
  output wire led
);
  wire [2:0] unused_blinker_1_phase;
  board_blinker #(.PERIOD(12)) blinker_1 (
    .clk(clk), .rst(rst),
    .speed(speed), .led(led), .phase(unused_blinker_1_phase)
  );
endmodule

// ---- board_blinker.v
// Design board, text <hash>, written by ternlet <version>
// by hand
module board_blinker; endmodule
