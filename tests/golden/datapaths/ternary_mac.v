// ---- my_ternary_mac.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// y = W x, 4 x 6 weights in -1, 0, +1 (in memory); x is s8; lanes = 3, parallel_rows = 2
module my_ternary_mac (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [23:0] x_payload, // [8*i +: 8] x i, i = 0..2, signed
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [21:0] y_payload, // [11*i +: 11] y i, i = 0..1, signed
  output wire y_last
);

  // ---- driven further down
  reg [1:0] step;
  wire replay_ready;
  wire y_stage_go;

  // ---- replay
  reg replay_fill_bank;
  reg replay_full_1;
  reg replay_full_0;
  assign x_ready = replay_fill_bank ? ~replay_full_1 : ~replay_full_0;
  reg replay_fill_place;
  wire replay_fill_place_enable = x_valid & x_ready;
  wire replay_both = replay_fill_place_enable & x_last;
  reg replay_bank;
  reg replay_place;
  reg replay_pass;
  wire replay_valid_q1_next = replay_bank ? replay_full_1 : replay_full_0;
  wire replay_place_is_1 = replay_place == 1'b1;
  wire replay_pass_is_1 = replay_pass == 1'b1;
  reg replay_valid_q1;
  reg replay_valid_q1_1;
  reg replay_stage_valid;
  wire replay_stage_go = ~replay_stage_valid | replay_ready;
  wire replay_go_1 = ~replay_valid_q1_1 | replay_stage_go;
  wire replay_go = ~replay_valid_q1 | replay_go_1;
  wire replay_place_enable = replay_valid_q1_next & replay_go;
  wire replay_done = (replay_place_enable & replay_place_is_1) & replay_pass_is_1;
  wire replay_full_0_next = (replay_both & ~replay_fill_bank) | (replay_full_0 & ~(replay_done & ~replay_bank));
  wire replay_full_1_next = (replay_both & replay_fill_bank) | (replay_full_1 & ~(replay_done & replay_bank));
  reg [23:0] replay_frames_word;
  reg replay_last_q1;
  reg [11:0] weights_word;
  reg replay_last_q1_1;
  reg signed [7:0] replayed_0_q;
  reg signed [7:0] replayed_1_q;
  reg signed [7:0] replayed_2_q;
  wire signed [7:0] replay_number = (replayed_0_q ^ {8{weights_word[1]}}) & {8{weights_word[0]}};
  wire signed [7:0] replay_number_1 = (replayed_1_q ^ {8{weights_word[3]}}) & {8{weights_word[2]}};
  wire signed [7:0] replay_number_2 = (replayed_2_q ^ {8{weights_word[5]}}) & {8{weights_word[4]}};
  wire signed [8:0] sum_0_to_1;
  my_ternary_mac_adder_with_carry #(.WIDTH(9)) sum_0_to_1_adder (
    .a({replay_number[7], replay_number}),
    .b({replay_number_1[7], replay_number_1}),
    .carry_in(weights_word[1]),
    .sum(sum_0_to_1)
  );
  wire signed [9:0] sum_0_to_2; // -384..=383
  my_ternary_mac_adder_with_carry #(.WIDTH(10)) sum_0_to_2_adder (
    .a({sum_0_to_1[8], sum_0_to_1}),
    .b({{2{replay_number_2[7]}}, replay_number_2}),
    .carry_in(weights_word[3]),
    .sum(sum_0_to_2)
  );
  wire signed [7:0] replay_number_3 = (replayed_0_q ^ {8{weights_word[7]}}) & {8{weights_word[6]}};
  wire signed [7:0] replay_number_4 = (replayed_1_q ^ {8{weights_word[9]}}) & {8{weights_word[8]}};
  wire signed [7:0] replay_number_5 = (replayed_2_q ^ {8{weights_word[11]}}) & {8{weights_word[10]}};
  wire signed [8:0] sum_0_to_1_1;
  my_ternary_mac_adder_with_carry #(.WIDTH(9)) sum_0_to_1_1_adder (
    .a({replay_number_3[7], replay_number_3}),
    .b({replay_number_4[7], replay_number_4}),
    .carry_in(weights_word[7]),
    .sum(sum_0_to_1_1)
  );
  wire signed [9:0] sum_0_to_2_1; // -384..=383
  my_ternary_mac_adder_with_carry #(.WIDTH(10)) sum_0_to_2_1_adder (
    .a({sum_0_to_1_1[8], sum_0_to_1_1}),
    .b({{2{replay_number_5[7]}}, replay_number_5}),
    .carry_in(weights_word[9]),
    .sum(sum_0_to_2_1)
  );
  reg signed [9:0] replay_stage_0_0; // -384..=383
  reg replay_stage_0_1;
  reg signed [9:0] replay_stage_1_0; // -384..=383
  reg replay_stage_1_1;
  reg replay_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      replay_full_0 <= 1'b0;
      replay_full_1 <= 1'b0;
      replay_fill_bank <= 1'b0;
      replay_bank <= 1'b0;
    end else begin
      replay_full_0 <= replay_full_0_next;
      replay_full_1 <= replay_full_1_next;
      replay_fill_bank <= replay_fill_bank ^ replay_both;
      replay_bank <= replay_bank ^ replay_done;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_fill_place <= 1'b0;
    end else if (replay_fill_place_enable) begin
      replay_fill_place <= ~(replay_fill_place == 1'b1);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_place <= 1'b0;
    end else if (replay_place_enable) begin
      replay_place <= ~replay_place_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_pass <= 1'b0;
    end else if (replay_place_enable & replay_place_is_1) begin
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
    if (replay_go) begin
      replay_last_q1 <= replay_place_is_1;
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
      replay_last_q1_1 <= replay_last_q1;
      replayed_0_q <= replay_frames_word[7:0];
      replayed_1_q <= replay_frames_word[15:8];
      replayed_2_q <= replay_frames_word[23:16];
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_stage_valid <= 1'b0;
    end else if (replay_stage_go) begin
      replay_stage_valid <= replay_valid_q1_1;
    end
  end
  always @(posedge clk) begin
    if (replay_stage_go) begin
      replay_stage_0_0 <= sum_0_to_2;
      replay_stage_0_1 <= weights_word[5];
      replay_stage_1_0 <= sum_0_to_2_1;
      replay_stage_1_1 <= weights_word[11];
      replay_stage_last <= replay_last_q1_1;
    end
  end
  (* no_rw_check *) reg [23:0] replay_frames [0:3];
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
  (* no_rw_check *) reg [11:0] weights [0:3];
  initial begin
    weights[0] = 12'd1073;
    weights[1] = 12'd1473;
    weights[2] = 12'd343;
    weights[3] = 12'd976;
  end
  always @(posedge clk) begin
    if (replay_go_1) begin
      weights_word <= weights[step];
    end
  end

  // ---- step
  wire step_is_3 = step == 2'd3;
  wire [2:0] step_plus_1 = {1'b0, step} + 3'd1; // 1..=4
  wire [1:0] step_next = step_is_3 ? 2'd0 : step_plus_1[1:0];
  always @(posedge clk) begin
    if (rst) begin
      step <= 2'd0;
    end else if (replay_valid_q1 & replay_go_1) begin
      step <= step_next;
    end
  end

  // ---- accumulator
  reg accumulator_valid;
  assign replay_ready = ~accumulator_valid | y_stage_go;
  reg accumulator_start;
  reg signed [10:0] accumulator_0;
  reg signed [10:0] accumulator_1;
  wire accumulator_start_enable = replay_stage_valid & replay_ready;
  wire signed [10:0] accumulator_before_0 = accumulator_start ? 11'd0 : accumulator_0;
  wire signed [10:0] accumulator_before_1 = accumulator_start ? 11'd0 : accumulator_1;
  wire signed [11:0] accumulator_sum; // -1408..=1407
  my_ternary_mac_adder_with_carry #(.WIDTH(12)) accumulator_sum_adder (
    .a({accumulator_before_0[10], accumulator_before_0}),
    .b({{2{replay_stage_0_0[9]}}, replay_stage_0_0}),
    .carry_in(replay_stage_0_1),
    .sum(accumulator_sum)
  );
  wire signed [11:0] accumulator_sum_1; // -1408..=1407
  my_ternary_mac_adder_with_carry #(.WIDTH(12)) accumulator_sum_1_adder (
    .a({accumulator_before_1[10], accumulator_before_1}),
    .b({{2{replay_stage_1_0[9]}}, replay_stage_1_0}),
    .carry_in(replay_stage_1_1),
    .sum(accumulator_sum_1)
  );
  reg accumulator_frame_place;
  wire accumulator_frame_place_is_1 = accumulator_frame_place == 1'b1;
  always @(posedge clk) begin
    if (rst) begin
      accumulator_valid <= 1'b0;
    end else begin
      accumulator_valid <= (accumulator_start_enable & replay_stage_last) | (accumulator_valid & ~y_stage_go);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      accumulator_start <= 1'b1;
    end else if (accumulator_start_enable) begin
      accumulator_start <= replay_stage_last;
    end
  end
  always @(posedge clk) begin
    if (accumulator_start_enable) begin
      accumulator_0 <= accumulator_sum[10:0];
      accumulator_1 <= accumulator_sum_1[10:0];
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      accumulator_frame_place <= 1'b0;
    end else if (accumulator_valid & y_stage_go) begin
      accumulator_frame_place <= ~accumulator_frame_place_is_1;
    end
  end

  // ---- y
  reg y_stage_valid;
  assign y_stage_go = ~y_stage_valid | y_ready;
  reg [10:0] y_stage_0;
  reg [10:0] y_stage_1;
  reg y_stage_last;
  assign y_payload = {y_stage_1, y_stage_0};
  assign y_valid = y_stage_valid;
  assign y_last = y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= accumulator_valid;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= accumulator_0;
      y_stage_1 <= accumulator_1;
      y_stage_last <= accumulator_frame_place_is_1;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~step_is_3) && (3'd3 < step_plus_1)) begin
      $display("%m: step_plus_1 is assumed to be 1..=3 (src/datapath/mac_array/array.rs), not %0d", step_plus_1);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, accumulator_sum[11], accumulator_sum_1[11]};
endmodule

// ---- my_ternary_mac_adder_with_carry.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// sum = a + b + carry_in; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_ternary_mac_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = (a + b) + carry_in;
endmodule
