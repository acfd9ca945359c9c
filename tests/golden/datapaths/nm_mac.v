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
  reg step;
  wire y_stage_go;

  // ---- replay
  reg replay_fill_bank;
  reg replay_full_1;
  reg replay_full_0;
  assign x_ready = replay_fill_bank ? ~replay_full_1 : ~replay_full_0;
  wire replay_fill_place = 1'b0;
  wire replay_fill_place_enable = x_valid & x_ready;
  reg replay_bank;
  wire replay_place = 1'b0;
  reg replay_pass;
  wire replay_valid_q1_next = replay_bank ? replay_full_1 : replay_full_0;
  wire replay_place_is_0 = replay_place == 1'b0;
  wire replay_pass_is_1 = replay_pass == 1'b1;
  reg replay_valid_q1;
  reg replay_valid_q1_1;
  reg replay_valid_q1_2;
  wire replay_go_2 = ~replay_valid_q1_2 | y_stage_go;
  wire replay_go_1 = ~replay_valid_q1_1 | replay_go_2;
  wire replay_go = ~replay_valid_q1 | replay_go_1;
  wire replay_place_enable = replay_valid_q1_next & replay_go;
  wire replay_done = (replay_place_enable & replay_place_is_0) & replay_pass_is_1;
  wire replay_full_0_next = (replay_fill_place_enable & ~replay_fill_bank) | (replay_full_0 & ~(replay_done & ~replay_bank));
  wire replay_full_1_next = (replay_fill_place_enable & replay_fill_bank) | (replay_full_1 & ~(replay_done & replay_bank));
  reg [63:0] replay_frames_word;
  reg [21:0] weights_word;
  reg signed [7:0] replayed_0_q;
  reg signed [7:0] replayed_1_q;
  reg signed [7:0] replayed_2_q;
  reg signed [7:0] replayed_3_q;
  reg signed [7:0] replayed_4_q;
  reg signed [7:0] replayed_5_q;
  reg signed [7:0] replayed_6_q;
  reg signed [7:0] replayed_7_q;
  wire [7:0] pair_0_kept0;
  wire [7:0] pair_0_kept1;
  wire signed [11:0] product = $signed({{4{pair_0_kept0[7]}}, pair_0_kept0}) * $signed({{8{weights_word[3]}}, weights_word[3:0]}); // -1016..=1024
  wire signed [11:0] product_1 = $signed({{4{pair_0_kept1[7]}}, pair_0_kept1}) * $signed({{8{weights_word[7]}},
      weights_word[7:4]}); // -1016..=1024
  wire [7:0] pair_1_kept0;
  wire [7:0] pair_1_kept1;
  wire signed [11:0] product_2 = $signed({{4{pair_1_kept0[7]}}, pair_1_kept0}) * $signed({{8{weights_word[11]}},
      weights_word[11:8]}); // -1016..=1024
  wire signed [11:0] product_3 = $signed({{4{pair_1_kept1[7]}}, pair_1_kept1}) * $signed({{8{weights_word[15]}},
      weights_word[15:12]}); // -1016..=1024
  reg signed [11:0] product_q; // -1016..=1024
  reg signed [11:0] product_q_1; // -1016..=1024
  wire signed [12:0] sum_0_to_1; // -2032..=2048
  my_nm_mac_adder #(.WIDTH(13)) sum_0_to_1_adder (
    .a({product_q[11], product_q}),
    .b({product_q_1[11], product_q_1}),
    .sum(sum_0_to_1)
  );
  reg signed [11:0] product_q_2; // -1016..=1024
  reg signed [11:0] product_q_3; // -1016..=1024
  wire signed [12:0] sum_2_to_3; // -2032..=2048
  my_nm_mac_adder #(.WIDTH(13)) sum_2_to_3_adder (
    .a({product_q_2[11], product_q_2}),
    .b({product_q_3[11], product_q_3}),
    .sum(sum_2_to_3)
  );
  wire signed [13:0] sum_0_to_3; // -4064..=4096
  my_nm_mac_adder #(.WIDTH(14)) sum_0_to_3_adder (
    .a({sum_0_to_1[12], sum_0_to_1}),
    .b({sum_2_to_3[12], sum_2_to_3}),
    .sum(sum_0_to_3)
  );
  reg replay_frame_place;
  wire replay_frame_place_is_1 = replay_frame_place == 1'b1;
  my_nm_mac_pair_choice_8 pair_0 (
    .x0(replayed_0_q),
    .x1(replayed_1_q),
    .x2(replayed_2_q),
    .x3(replayed_3_q),
    .first(weights_word[16]),
    .last(weights_word[17]),
    .crossed(weights_word[18]),
    .kept0(pair_0_kept0),
    .kept1(pair_0_kept1)
  );
  my_nm_mac_pair_choice_8 pair_1 (
    .x0(replayed_4_q),
    .x1(replayed_5_q),
    .x2(replayed_6_q),
    .x3(replayed_7_q),
    .first(weights_word[19]),
    .last(weights_word[20]),
    .crossed(weights_word[21]),
    .kept0(pair_1_kept0),
    .kept1(pair_1_kept1)
  );
  always @(posedge clk) begin
    if (rst) begin
      replay_full_0 <= 1'b0;
      replay_full_1 <= 1'b0;
      replay_fill_bank <= 1'b0;
      replay_bank <= 1'b0;
    end else begin
      replay_full_0 <= replay_full_0_next;
      replay_full_1 <= replay_full_1_next;
      replay_fill_bank <= replay_fill_bank ^ replay_fill_place_enable;
      replay_bank <= replay_bank ^ replay_done;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_pass <= 1'b0;
    end else if (replay_place_enable & replay_place_is_0) begin
      replay_pass <= ~replay_pass_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_valid_q1 <= 1'b0;
    end else if (replay_go) begin
      replay_valid_q1 <= replay_valid_q1_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_valid_q1_1 <= 1'b0;
    end else if (replay_go_1) begin
      replay_valid_q1_1 <= replay_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (replay_go_1) begin
      replayed_0_q <= replay_frames_word[7:0];
      replayed_1_q <= replay_frames_word[15:8];
      replayed_2_q <= replay_frames_word[23:16];
      replayed_3_q <= replay_frames_word[31:24];
      replayed_4_q <= replay_frames_word[39:32];
      replayed_5_q <= replay_frames_word[47:40];
      replayed_6_q <= replay_frames_word[55:48];
      replayed_7_q <= replay_frames_word[63:56];
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_valid_q1_2 <= 1'b0;
    end else if (replay_go_2) begin
      replay_valid_q1_2 <= replay_valid_q1_1;
    end
  end
  always @(posedge clk) begin
    if (replay_go_2) begin
      product_q <= product;
      product_q_1 <= product_1;
      product_q_2 <= product_2;
      product_q_3 <= product_3;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_frame_place <= 1'b0;
    end else if (replay_valid_q1_2 & y_stage_go) begin
      replay_frame_place <= ~replay_frame_place_is_1;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [63:0] replay_frames [0:3];
  always @(posedge clk) begin
    if (replay_fill_place_enable) begin
      replay_frames[{replay_fill_bank, replay_fill_place}] <= x_payload;
    end
  end
  always @(posedge clk) begin
    if (replay_go) begin
      replay_frames_word <= replay_frames[{replay_bank, replay_place}];
    end
  end
  (* no_rw_check *) reg [21:0] weights [0:1];
  initial begin
    weights[0] = 22'd202627;
    weights[1] = 22'd1978197;
  end
  always @(posedge clk) begin
    if (replay_go_1) begin
      weights_word <= weights[step];
    end
  end

  // ---- step
  always @(posedge clk) begin
    if (rst) begin
      step <= 1'b0;
    end else if (replay_valid_q1 & replay_go_1) begin
      step <= ~(step == 1'b1);
    end
  end

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
      y_stage_valid <= replay_valid_q1_2;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage <= sum_0_to_3;
      y_stage_last <= replay_frame_place_is_1;
    end
  end
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
