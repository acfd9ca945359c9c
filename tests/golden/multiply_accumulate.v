// ---- multiply_accumulate.v
// accumulator <- accumulator + a * b, saturated
// The product is registered once.
module multiply_accumulate (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire enable, // 0..=1
  input  wire signed [7:0] a, // -128..=127
  input  wire [3:0] b, // 0..=15
  output reg  signed [11:0] accumulator // -2048..=2047
);
  wire signed [11:0] product = $signed({{4{a[7]}}, a}) * $signed({8'd0, b}); // tests/emission/golden.rs, -1920..=1905
  reg signed [11:0] product_q; // tests/emission/golden.rs, -1920..=1905
  wire signed [12:0] sum; // tests/emission/golden.rs, -3968..=3952
  adder_s12_s12_s13 sum_adder (.a(accumulator), .b(product_q), .sum(sum));
  wire signed [11:0] next = (sum < -13'sd2048) ? 12'sh800 : (13'sd2047 < sum) ? 12'd2047 : sum[11:0]; // tests/emission/golden.rs, -2048..=2047
  always @(posedge clk) begin
    product_q <= product;
  end
  always @(posedge clk) begin
    if (rst) begin
      accumulator <= 12'd0;
    end else if (enable) begin
      accumulator <= next;
    end
  end
endmodule

// ---- adder_s12_s12_s13.v
// sum = a + b
(* keep_hierarchy *)
module adder_s12_s12_s13 (
  input  wire signed [11:0] a,
  input  wire signed [11:0] b,
  output wire signed [12:0] sum
);
  assign sum = {a[11], a} + {b[11], b};
endmodule
