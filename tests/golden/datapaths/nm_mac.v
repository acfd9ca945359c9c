// ---- my_nm_mac.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// y = W x, 2 x 8 2:4 weights of s4 (in memory); x is s8; lanes = 8, parallel_rows = 1
module my_nm_mac (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [63:0] x_payload, // [8*i +: 8] x i, i = 0..7, signed
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [13:0] y_payload, // y, signed
  output wire y_last
);

  // ---- driven further down
  wire weighted_go;
  wire y_stage_go;

  // ---- x
  wire weights_memory_x_ready;
  reg x_copy;
  wire x_copy_is_1 = x_copy == 1'b1;
  assign x_ready = weights_memory_x_ready & x_copy_is_1;
  wire [85:0] weights_memory_weighted_payload;
  wire weights_memory_weighted_valid;
  my_nm_mac_weights_memory weights_memory (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(weights_memory_x_ready),
    .weighted_ready(weighted_go), .weighted_valid(weights_memory_weighted_valid),
    .weighted_payload(weights_memory_weighted_payload)
  );
  always @(posedge clk) begin
    if (rst) begin
      x_copy <= 1'b0;
    end else if (x_valid & weights_memory_x_ready) begin
      x_copy <= ~x_copy_is_1;
    end
  end

  // ---- weighted
  reg weighted_valid_q1;
  assign weighted_go = ~weighted_valid_q1 | y_stage_go;
  reg weighted_frame_place;
  wire weighted_frame_place_is_1 = weighted_frame_place == 1'b1;
  always @(posedge clk) begin
    if (rst) begin
      weighted_valid_q1 <= 1'b0;
    end else if (weighted_go) begin
      weighted_valid_q1 <= weights_memory_weighted_valid;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      weighted_frame_place <= 1'b0;
    end else if (weighted_valid_q1 & y_stage_go) begin
      weighted_frame_place <= ~weighted_frame_place_is_1;
    end
  end

  // ---- my_nm_mac
  wire signed [13:0] row_dot_sum; // -4064..=4096
  my_nm_mac_row_dot row_dot (
    .clk(clk), .rst(rst),
    .x(weights_memory_weighted_payload[63:0]), .w(weights_memory_weighted_payload[85:64]),
    .weighted_go(weighted_go), .sum(row_dot_sum)
  );

  // ---- y
  reg y_stage_valid;
  assign y_stage_go = ~y_stage_valid | y_ready;
  reg [13:0] y_stage;
  reg y_stage_last;
  assign y_valid = y_stage_valid;
  assign y_payload = y_stage;
  assign y_last = y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= weighted_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage <= row_dot_sum;
      y_stage_last <= weighted_frame_place_is_1;
    end
  end
endmodule

// ---- my_nm_mac_weights_memory.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// activations, each beat next to the word of its weights
module my_nm_mac_weights_memory (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [63:0] x_payload, // [8*i +: 8] x i, i = 0..7, signed
  input  wire weighted_ready,
  output wire x_ready,
  output wire weighted_valid,
  output wire [85:0] weighted_payload // [8*i +: 8] weighted_x i, i = 0..7, signed; [85:64] weighted_word
);

  // ---- driven further down
  reg step;

  // ---- x
  wire signed [7:0] x_0 = x_payload[7:0];
  wire signed [7:0] x_1 = x_payload[15:8];
  wire signed [7:0] x_2 = x_payload[23:16];
  wire signed [7:0] x_3 = x_payload[31:24];
  wire signed [7:0] x_4 = x_payload[39:32];
  wire signed [7:0] x_5 = x_payload[47:40];
  wire signed [7:0] x_6 = x_payload[55:48];
  wire signed [7:0] x_7 = x_payload[63:56];
  reg x_valid_q1;
  wire x_go = ~x_valid_q1 | weighted_ready;
  reg [21:0] weights_word;
  reg signed [7:0] weighted_x_0;
  reg signed [7:0] weighted_x_1;
  reg signed [7:0] weighted_x_2;
  reg signed [7:0] weighted_x_3;
  reg signed [7:0] weighted_x_4;
  reg signed [7:0] weighted_x_5;
  reg signed [7:0] weighted_x_6;
  reg signed [7:0] weighted_x_7;
  assign weighted_payload = {weights_word, weighted_x_7, weighted_x_6, weighted_x_5, weighted_x_4, weighted_x_3,
      weighted_x_2, weighted_x_1, weighted_x_0};
  assign x_ready = x_go;
  assign weighted_valid = x_valid_q1;
  always @(posedge clk) begin
    if (rst) begin
      x_valid_q1 <= 1'b0;
    end else if (x_go) begin
      x_valid_q1 <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (x_go) begin
      weighted_x_0 <= x_0;
      weighted_x_1 <= x_1;
      weighted_x_2 <= x_2;
      weighted_x_3 <= x_3;
      weighted_x_4 <= x_4;
      weighted_x_5 <= x_5;
      weighted_x_6 <= x_6;
      weighted_x_7 <= x_7;
    end
  end
  (* no_rw_check *) reg [21:0] weights [0:1];
  initial begin
    weights[0] = 22'd202627; weights[1] = 22'd1978197;
  end
  always @(posedge clk) begin
    if (x_go) begin
      weights_word <= weights[step];
    end
  end

  // ---- step
  always @(posedge clk) begin
    if (rst) begin
      step <= 1'b0;
    end else if (x_valid & x_go) begin
      step <= ~(step == 1'b1);
    end
  end
endmodule

// ---- my_nm_mac_row_dot.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// sum + carry: a row's products of one beat, summed up
module my_nm_mac_row_dot (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [63:0] x, // [8*i +: 8] x i, i = 0..7, signed
  input  wire [21:0] w, // [4*i +: 4] w_weight i, i = 0..3, signed; [16] w_pair_0_first; [17] w_pair_0_last; [18] w_pair_0_crossed; [19] w_pair_1_first; [20] w_pair_1_last; [21] w_pair_1_crossed
  input  wire weighted_go,
  output wire signed [13:0] sum // -4064..=4096
);

  // ---- x
  wire signed [7:0] x_0 = x[7:0];
  wire signed [7:0] x_1 = x[15:8];
  wire signed [7:0] x_2 = x[23:16];
  wire signed [7:0] x_3 = x[31:24];
  wire signed [7:0] x_4 = x[39:32];
  wire signed [7:0] x_5 = x[47:40];
  wire signed [7:0] x_6 = x[55:48];
  wire signed [7:0] x_7 = x[63:56];

  // ---- weighted
  wire signed [3:0] w_weight_0 = w[3:0];
  wire signed [3:0] w_weight_1 = w[7:4];
  wire signed [3:0] w_weight_2 = w[11:8];
  wire signed [3:0] w_weight_3 = w[15:12];
  wire w_pair_0_first = w[16];
  wire w_pair_0_last = w[17];
  wire w_pair_0_crossed = w[18];
  wire w_pair_1_first = w[19];
  wire w_pair_1_last = w[20];
  wire w_pair_1_crossed = w[21];

  // ---- row_dot
  wire [7:0] pair_0_kept0;
  wire [7:0] pair_0_kept1;
  wire signed [11:0] product_0 = $signed({{4{pair_0_kept0[7]}}, pair_0_kept0}) * $signed({{8{w_weight_0[3]}}, w_weight_0}); // -1016..=1024
  wire signed [11:0] product_1 = $signed({{4{pair_0_kept1[7]}}, pair_0_kept1}) * $signed({{8{w_weight_1[3]}}, w_weight_1}); // -1016..=1024
  wire [7:0] pair_1_kept0;
  wire [7:0] pair_1_kept1;
  wire signed [11:0] product_2 = $signed({{4{pair_1_kept0[7]}}, pair_1_kept0}) * $signed({{8{w_weight_2[3]}}, w_weight_2}); // -1016..=1024
  wire signed [11:0] product_3 = $signed({{4{pair_1_kept1[7]}}, pair_1_kept1}) * $signed({{8{w_weight_3[3]}}, w_weight_3}); // -1016..=1024
  reg signed [11:0] product_0_q; // -1016..=1024
  reg signed [11:0] product_1_q; // -1016..=1024
  wire signed [12:0] sum_0_to_1; // -2032..=2048
  my_nm_mac_adder #(.WIDTH(13)) sum_0_to_1_adder (
    .a({product_0_q[11], product_0_q}), .b({product_1_q[11], product_1_q}), .sum(sum_0_to_1)
  );
  reg signed [11:0] product_2_q; // -1016..=1024
  reg signed [11:0] product_3_q; // -1016..=1024
  wire signed [12:0] sum_2_to_3; // -2032..=2048
  my_nm_mac_adder #(.WIDTH(13)) sum_2_to_3_adder (
    .a({product_2_q[11], product_2_q}), .b({product_3_q[11], product_3_q}), .sum(sum_2_to_3)
  );
  my_nm_mac_adder #(.WIDTH(14)) sum_adder (
    .a({sum_0_to_1[12], sum_0_to_1}), .b({sum_2_to_3[12], sum_2_to_3}), .sum(sum)
  );
  my_nm_mac_pair_choice_8 pair_0 (
    .x0(x_0), .x1(x_1), .x2(x_2), .x3(x_3), .first(w_pair_0_first), .last(w_pair_0_last),
    .crossed(w_pair_0_crossed), .kept0(pair_0_kept0), .kept1(pair_0_kept1)
  );
  my_nm_mac_pair_choice_8 pair_1 (
    .x0(x_4), .x1(x_5), .x2(x_6), .x3(x_7), .first(w_pair_1_first), .last(w_pair_1_last),
    .crossed(w_pair_1_crossed), .kept0(pair_1_kept0), .kept1(pair_1_kept1)
  );
  always @(posedge clk) begin
    if (weighted_go) begin
      product_0_q <= product_0;
      product_1_q <= product_1;
      product_2_q <= product_2;
      product_3_q <= product_3;
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_nm_mac_pair_choice_8.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// the first and the second kept one of x0 to x3
(* keep_hierarchy *)
module my_nm_mac_pair_choice_8 (
  input  wire [7:0] x0,
  input  wire [7:0] x1,
  input  wire [7:0] x2,
  input  wire [7:0] x3,
  input  wire first,
  input  wire last,
  input  wire crossed,
  output wire [7:0] kept0,
  output wire [7:0] kept1
);
  wire [7:0] crossing_cross;
  assign kept0 = first ? x0 : (x1 ^ crossing_cross);
  assign kept1 = last ? x3 : (x2 ^ crossing_cross);
  my_nm_mac_crossing_8 crossing (.a(x1), .b(x2), .crossed(crossed), .cross_1(crossing_cross));
endmodule

// ---- my_nm_mac_crossing_8.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// crossed & (a ^ b)
(* keep_hierarchy *)
module my_nm_mac_crossing_8 (
  input  wire [7:0] a,
  input  wire [7:0] b,
  input  wire crossed,
  output wire [7:0] cross_1
);
  assign cross_1 = (a ^ b) & {8{crossed}};
endmodule

// ---- my_nm_mac_adder.v
// Design my_nm_mac, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_nm_mac_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule
