// ---- multiply_accumulate.v
// Design multiply_accumulate, text <hash>, written by ternlet <version>
// accumulator <- accumulator + a * b, saturated
// The product is registered once.
module multiply_accumulate (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire enable,
  input  wire signed [7:0] a,
  input  wire [3:0] b,
  output reg  signed [11:0] accumulator
);
  wire signed [11:0] product = $signed({{4{a[7]}}, a}) * $signed({8'd0, b}); // -1920..=1905
  reg signed [11:0] product_q; // -1920..=1905
  wire signed [12:0] sum; // -3968..=3952
  multiply_accumulate_adder #(.WIDTH(13)) sum_adder (
    .a({accumulator[11], accumulator}), .b({product_q[11], product_q}), .sum(sum)
  );
  wire signed [11:0] next = (sum < -13'sd2048) ? 12'sh800 : (13'sd2047 < sum) ? 12'd2047 : sum[11:0];
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

// ---- multiply_accumulate_adder.v
// Design multiply_accumulate, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module multiply_accumulate_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule
