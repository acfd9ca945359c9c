// ---- board.v
module board (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [1:0] speed, // 0..=3
  output wire led
);
  wire [2:0] unused_blinker_phase;
  blinker #(.PERIOD(12)) blinker ( // tests/emission/golden.rs
    .clk(clk),
    .rst(rst),
    .speed(speed),
    .led(led),
    .phase(unused_blinker_phase)
  );
endmodule

// ---- blinker.v
// by hand
module blinker; endmodule
