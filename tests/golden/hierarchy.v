// ---- hierarchy.v
// Design hierarchy, text <hash>, written by ternlet <version>
module hierarchy (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [3:0] a,
  input  wire [3:0] reg_1,
  output wire [6:0] total // 0..=125
);
  wire [4:0] part0_sum;
  wire [4:0] part1_sum;
  wire [5:0] part2_sum;
  wire signed [11:0] unread_accumulator;
  wire [5:0] part0_sum_plus_part1_sum = {1'b0, part0_sum} + {1'b0, part1_sum}; // 0..=62
  assign total = {1'b0, part0_sum_plus_part1_sum} + {1'b0, part2_sum}; // 0..=125
  hierarchy_part part0 (.a(a), .b(reg_1), .sum(part0_sum));
  hierarchy_part part1 (.a(a), .b(reg_1), .sum(part1_sum));
  hierarchy_part_1 part2 (.a({1'b0, a}), .b({1'b0, reg_1}), .sum(part2_sum));
  hierarchy_multiply_accumulate unread (
    .clk(clk), .rst(rst),
    .enable(a[3]), .a({4'd0, a}), .b(reg_1), .accumulator(unread_accumulator)
  );
  wire unused_bits = &{1'b0, unread_accumulator};
endmodule

// ---- hierarchy_part.v
// Design hierarchy, text <hash>, written by ternlet <version>
module hierarchy_part (
  input  wire [3:0] a,
  input  wire [3:0] b,
  output wire [4:0] sum
);
  hierarchy_widening_adder_with_carry #(.WIDTH(4)) sum_adder (.a(a), .b(b), .carry_in(1'b1), .sum(sum));
endmodule

// ---- hierarchy_part_1.v
// Design hierarchy, text <hash>, written by ternlet <version>
module hierarchy_part_1 (
  input  wire [4:0] a,
  input  wire [4:0] b,
  output wire [5:0] sum
);
  hierarchy_widening_adder_with_carry #(.WIDTH(5)) sum_adder (.a(a), .b(b), .carry_in(1'b1), .sum(sum));
endmodule

// ---- hierarchy_multiply_accumulate.v
// Design hierarchy, text <hash>, written by ternlet <version>
// accumulator <- accumulator + a * b, saturated
// The product is registered once.
module hierarchy_multiply_accumulate (
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
  hierarchy_adder #(.WIDTH(13)) sum_adder (
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

// ---- hierarchy_widening_adder_with_carry.v
// Design hierarchy, text <hash>, written by ternlet <version>
// sum = a + b + carry_in, of unsigned numbers; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module hierarchy_widening_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH:0] sum
);
  assign sum = ({1'b0, a} + {1'b0, b}) + carry_in;
endmodule

// ---- hierarchy_adder.v
// Design hierarchy, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module hierarchy_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule
