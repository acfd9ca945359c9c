// ---- hierarchy.v
module hierarchy (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [3:0] a, // 0..=15
  input  wire [3:0] reg_1, // 0..=15
  output wire [6:0] total // 0..=125
);
  wire [4:0] part0_sum; // tests/emission/build.rs, 0..=31
  part part0 (.a(a), .b(reg_1), .sum(part0_sum)); // tests/emission/golden.rs
  wire [4:0] part1_sum; // tests/emission/build.rs, 0..=31
  part part1 (.a(a), .b(reg_1), .sum(part1_sum)); // tests/emission/golden.rs
  wire [5:0] part2_sum; // tests/emission/build.rs, 0..=63
  part_1 part2 (.a({1'b0, a}), .b({1'b0, reg_1}), .sum(part2_sum)); // tests/emission/golden.rs
  wire signed [11:0] unread_accumulator; // tests/emission/build.rs, -2048..=2047
  multiply_accumulate unread ( // tests/emission/golden.rs
    .clk(clk),
    .rst(rst),
    .enable(a[3]),
    .a({4'd0, a}),
    .b(reg_1),
    .accumulator(unread_accumulator)
  );
  wire [5:0] n9 = {1'b0, part0_sum} + {1'b0, part1_sum}; // tests/emission/golden.rs, 0..=62
  assign total = {1'b0, n9} + {1'b0, part2_sum}; // tests/emission/golden.rs, 0..=125
  wire unused_bits = &{1'b0, unread_accumulator};
endmodule

// ---- part.v
module part (
  input  wire [3:0] a, // 0..=15
  input  wire [3:0] b, // 0..=15
  output wire [4:0] sum // 0..=31
);
  adder_u4_u4_c_u5 sum_adder (.a(a), .b(b), .carry_in(1'b1), .sum(sum));
endmodule

// ---- part_1.v
module part_1 (
  input  wire [4:0] a, // 0..=31
  input  wire [4:0] b, // 0..=31
  output wire [5:0] sum // 0..=63
);
  adder_u5_u5_c_u6 sum_adder (.a(a), .b(b), .carry_in(1'b1), .sum(sum));
endmodule

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

// ---- adder_u4_u4_c_u5.v
// sum = a + b + carry_in
(* keep_hierarchy *)
module adder_u4_u4_c_u5 (
  input  wire [3:0] a,
  input  wire [3:0] b,
  input  wire carry_in,
  output wire [4:0] sum
);
  assign sum = ({1'b0, a} + {1'b0, b}) + {4'd0, carry_in};
endmodule

// ---- adder_u5_u5_c_u6.v
// sum = a + b + carry_in
(* keep_hierarchy *)
module adder_u5_u5_c_u6 (
  input  wire [4:0] a,
  input  wire [4:0] b,
  input  wire carry_in,
  output wire [5:0] sum
);
  assign sum = ({1'b0, a} + {1'b0, b}) + {5'd0, carry_in};
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
