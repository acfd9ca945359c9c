// ---- assumptions.v
// Design assumptions, text <hash>, written by ternlet <version>
module assumptions (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [7:0] a,
  output reg  signed [5:0] sum // -5..=29
);
  wire signed [5:0] small_1 = a[5:0]; // -5..=20
  wire signed [5:0] small_plus_a_5_2 = small_1 + {2'd0, a[5:2]}; // -5..=29
  always @(posedge clk) begin
    if (rst) begin
      sum <= 6'd0;
    end else begin
      sum <= small_plus_a_5_2;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if (~rst && ((a < -8'sd5) || (8'sd20 < a))) begin
      $display("%m: small is assumed to be -5..=20 (tests/emission/golden.rs), not %0d", a);
      $finish;
    end
    if (~rst && (4'd9 < a[5:2])) begin
      $display("%m: a_5_2 is assumed to be 0..=9 (tests/emission/golden.rs), not %0d", a[5:2]);
      $finish;
    end
  end
`endif
endmodule
