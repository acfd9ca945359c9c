// ---- my_convolution.v
// Design my_convolution, text <hash>, written by ternlet <version>
// convolution of maps [5, 6] x 2 (u4), 1 a beat, with 4 filters of [3, 3] in 1 groups: stride [1, 1], dilation [1, 1], [1, 1] before; weights in -1, 0, +1 (in memory), 9 columns and 2 rows at once; requantized
module my_convolution (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [3:0] x_payload, // x
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [3:0] y_payload, // y
  output wire y_last
);

  // ---- driven further down
  wire window_ready;
  wire replay_ready;
  wire window_axis_1_y_valid;
  wire [35:0] window_axis_1_y_payload;
  wire window_frame_place_is_1;
  wire [67:0] weights_memory_weighted_payload;
  wire weighted_go;
  reg weighted_held;
  reg weighted_held_4;
  reg weighted_held_10;
  reg weighted_held_12;
  reg weighted_held_16;
  reg weighted_held_22;
  wire [17:0] row_dot_0_w;
  wire [17:0] row_dot_1_w;
  wire y_stage_go;

  // ---- x
  wire weights_memory_weighted_valid;
  wire weights_memory_weighted_last;
  my_convolution_weights_memory weights_memory (
    .clk(clk), .rst(rst),
    .x_valid(window_axis_1_y_valid), .x_payload(window_axis_1_y_payload), .x_last(window_frame_place_is_1),
    .x_ready(window_ready),
    .weighted_ready(weighted_go), .weighted_valid(weights_memory_weighted_valid),
    .weighted_payload(weights_memory_weighted_payload), .weighted_last(weights_memory_weighted_last)
  );

  // ---- replay
  wire [3:0] replay_replayed_payload;
  wire replay_replayed_valid;
  my_convolution_replay replay (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .replayed_ready(replay_ready), .replayed_valid(replay_replayed_valid),
    .replayed_payload(replay_replayed_payload)
  );

  // ---- my_convolution
  wire window_axis_0_y_valid;
  wire window_axis_1_x_ready;
  wire window_axis_0_x_ready;
  assign replay_ready = window_axis_0_x_ready;
  reg window_raster_place_0;
  reg window_raster_place_1;
  reg [2:0] window_raster_place_2; // 0..=5
  reg [2:0] window_raster_place_3; // 0..=4
  wire window_raster_place_0_is_1 = window_raster_place_0 == 1'b1;
  wire window_raster_place_1_is_1 = window_raster_place_1 == 1'b1;
  wire window_raster_place_2_is_5 = window_raster_place_2 == 3'd5;
  wire window_raster_place_3_is_4 = window_raster_place_3 == 3'd4;
  wire window_raster_place_0_enable = replay_replayed_valid & window_axis_0_x_ready;
  wire window_raster_place_1_enable = window_raster_place_0_enable & window_raster_place_0_is_1;
  wire window_raster_place_2_enable = window_raster_place_1_enable & window_raster_place_1_is_1;
  wire [2:0] window_raster_place_2_plus_1 = window_raster_place_2 + 3'd1; // 1..=6
  wire [2:0] window_raster_place_2_next = window_raster_place_2_is_5 ? 3'd0 : window_raster_place_2_plus_1; // 0..=5
  wire [2:0] window_raster_place_3_plus_1 = window_raster_place_3 + 3'd1; // 1..=5
  wire [2:0] window_raster_place_3_next = window_raster_place_3_is_4 ? 3'd0 : window_raster_place_3_plus_1; // 0..=4
  wire signed [8:0] row_dot_0_sum; // -144..=143
  wire signed [8:0] row_dot_1_sum; // -144..=143
  my_convolution_row_dot row_dot_0 (
    .clk(clk), .rst(rst),
    .x(weights_memory_weighted_payload[35:0]), .w(row_dot_0_w),
    .w_q({weighted_held_10, weighted_held, weighted_held_4}), .weighted_go(weighted_go), .sum(row_dot_0_sum)
  );
  my_convolution_row_dot_1 row_dot_1 (
    .clk(clk), .rst(rst),
    .x(weights_memory_weighted_payload[35:0]), .w(row_dot_1_w),
    .w_q({weighted_held_22, weighted_held_12, weighted_held_16}), .weighted_go(weighted_go), .sum(row_dot_1_sum)
  );
  always @(posedge clk) begin
    if (rst) begin
      window_raster_place_0 <= 1'b0;
    end else if (window_raster_place_0_enable) begin
      window_raster_place_0 <= ~window_raster_place_0_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_raster_place_1 <= 1'b0;
    end else if (window_raster_place_1_enable) begin
      window_raster_place_1 <= ~window_raster_place_1_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_raster_place_2 <= 3'd0;
    end else if (window_raster_place_2_enable) begin
      window_raster_place_2 <= window_raster_place_2_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_raster_place_3 <= 3'd0;
    end else if (window_raster_place_2_enable & window_raster_place_2_is_5) begin
      window_raster_place_3 <= window_raster_place_3_next;
    end
  end

  // ---- window
  wire [12:0] window_axis_0_y_payload;
  reg window_frame_place;
  assign window_frame_place_is_1 = window_frame_place == 1'b1;
  my_convolution_window_axis_0 window_axis_0 (
    .clk(clk), .rst(rst),
    .x_valid(replay_replayed_valid), .x_payload({window_raster_place_3_is_4, replay_replayed_payload}),
    .x_ready(window_axis_0_x_ready),
    .y_ready(window_axis_1_x_ready), .y_valid(window_axis_0_y_valid), .y_payload(window_axis_0_y_payload)
  );
  my_convolution_window_axis_1 window_axis_1 (
    .clk(clk), .rst(rst),
    .x_valid(window_axis_0_y_valid), .x_payload(window_axis_0_y_payload), .x_ready(window_axis_1_x_ready),
    .y_ready(window_ready), .y_valid(window_axis_1_y_valid), .y_payload(window_axis_1_y_payload)
  );
  always @(posedge clk) begin
    if (rst) begin
      window_frame_place <= 1'b0;
    end else if (window_axis_1_y_valid & window_ready) begin
      window_frame_place <= ~window_frame_place_is_1;
    end
  end

  // ---- weighted
  reg weighted_valid_q3;
  wire accumulators_dots_ready;
  assign weighted_go = ~weighted_valid_q3 | accumulators_dots_ready;
  wire weighted_at_most = 8'd81 <= weights_memory_weighted_payload[43:36];
  wire weighted_at_most_1 = 8'd162 <= weights_memory_weighted_payload[43:36];
  wire [6:0] weighted_choice = weighted_at_most ? 7'd81 : 7'd0; // 0..=81
  wire [7:0] weighted_choice_1 = weighted_at_most_1 ? 8'd162 : {1'b0, weighted_choice}; // 0..=162
  wire signed [8:0] weighted_difference = {1'b0, weights_memory_weighted_payload[43:36]} - {1'b0, weighted_choice_1}; // -162..=255
  wire weighted_at_most_2 = 7'd27 <= weighted_difference[6:0];
  wire weighted_at_most_3 = 7'd54 <= weighted_difference[6:0];
  wire [4:0] weighted_choice_2 = weighted_at_most_2 ? 5'd27 : 5'd0; // 0..=27
  reg [4:0] weighted_held_1; // 0..=27
  wire [5:0] weighted_choice_3 = weighted_held ? 6'd54 : {1'b0, weighted_held_1}; // 0..=54
  reg [6:0] weighted_held_2;
  wire signed [7:0] weighted_difference_1 = {1'b0, weighted_held_2} - {2'd0, weighted_choice_3}; // -54..=127
  wire weighted_at_most_4 = 5'd9 <= weighted_difference_1[4:0];
  wire weighted_at_most_5 = 5'd18 <= weighted_difference_1[4:0];
  wire [3:0] weighted_choice_4 = weighted_at_most_4 ? 4'd9 : 4'd0; // 0..=9
  wire [4:0] weighted_choice_5 = weighted_at_most_5 ? 5'd18 : {1'b0, weighted_choice_4}; // 0..=18
  wire signed [5:0] weighted_difference_2 = {1'b0, weighted_difference_1[4:0]} - {1'b0, weighted_choice_5}; // -18..=31
  wire weighted_at_most_6 = 4'd3 <= weighted_difference_2[3:0];
  wire weighted_at_most_7 = 4'd6 <= weighted_difference_2[3:0];
  reg weighted_held_3;
  wire [1:0] weighted_choice_6 = weighted_held_3 ? 2'd3 : 2'd0;
  wire [2:0] weighted_choice_7 = weighted_held_4 ? 3'd6 : {1'b0, weighted_choice_6}; // 0..=6
  reg [3:0] weighted_held_5;
  wire signed [4:0] weighted_difference_3 = {1'b0, weighted_held_5} - {2'd0, weighted_choice_7}; // -6..=15
  wire weighted_at_most_8 = 8'd81 <= weights_memory_weighted_payload[51:44];
  wire weighted_at_most_9 = 8'd162 <= weights_memory_weighted_payload[51:44];
  wire [6:0] weighted_choice_8 = weighted_at_most_8 ? 7'd81 : 7'd0; // 0..=81
  wire [7:0] weighted_choice_9 = weighted_at_most_9 ? 8'd162 : {1'b0, weighted_choice_8}; // 0..=162
  wire signed [8:0] weighted_difference_4 = {1'b0, weights_memory_weighted_payload[51:44]} - {1'b0, weighted_choice_9}; // -162..=255
  wire weighted_at_most_10 = 7'd27 <= weighted_difference_4[6:0];
  wire weighted_at_most_11 = 7'd54 <= weighted_difference_4[6:0];
  wire [4:0] weighted_choice_10 = weighted_at_most_10 ? 5'd27 : 5'd0; // 0..=27
  reg weighted_held_6;
  reg [4:0] weighted_held_7; // 0..=27
  wire [5:0] weighted_choice_11 = weighted_held_6 ? 6'd54 : {1'b0, weighted_held_7}; // 0..=54
  reg [6:0] weighted_held_8;
  wire signed [7:0] weighted_difference_5 = {1'b0, weighted_held_8} - {2'd0, weighted_choice_11}; // -54..=127
  wire weighted_at_most_12 = 5'd9 <= weighted_difference_5[4:0];
  wire weighted_at_most_13 = 5'd18 <= weighted_difference_5[4:0];
  wire [3:0] weighted_choice_12 = weighted_at_most_12 ? 4'd9 : 4'd0; // 0..=9
  wire [4:0] weighted_choice_13 = weighted_at_most_13 ? 5'd18 : {1'b0, weighted_choice_12}; // 0..=18
  wire signed [5:0] weighted_difference_6 = {1'b0, weighted_difference_5[4:0]} - {1'b0, weighted_choice_13}; // -18..=31
  wire weighted_at_most_14 = 4'd3 <= weighted_difference_6[3:0];
  wire weighted_at_most_15 = 4'd6 <= weighted_difference_6[3:0];
  reg weighted_held_9;
  wire [1:0] weighted_choice_14 = weighted_held_9 ? 2'd3 : 2'd0;
  wire [2:0] weighted_choice_15 = weighted_held_10 ? 3'd6 : {1'b0, weighted_choice_14}; // 0..=6
  reg [3:0] weighted_held_11;
  wire signed [4:0] weighted_difference_7 = {1'b0, weighted_held_11} - {2'd0, weighted_choice_15}; // -6..=15
  wire weighted_at_most_16 = 8'd81 <= weights_memory_weighted_payload[59:52];
  wire weighted_at_most_17 = 8'd162 <= weights_memory_weighted_payload[59:52];
  wire [6:0] weighted_choice_16 = weighted_at_most_16 ? 7'd81 : 7'd0; // 0..=81
  wire [7:0] weighted_choice_17 = weighted_at_most_17 ? 8'd162 : {1'b0, weighted_choice_16}; // 0..=162
  wire signed [8:0] weighted_difference_8 = {1'b0, weights_memory_weighted_payload[59:52]} - {1'b0, weighted_choice_17}; // -162..=255
  wire weighted_at_most_18 = 7'd27 <= weighted_difference_8[6:0];
  wire weighted_at_most_19 = 7'd54 <= weighted_difference_8[6:0];
  wire [4:0] weighted_choice_18 = weighted_at_most_18 ? 5'd27 : 5'd0; // 0..=27
  reg [4:0] weighted_held_13; // 0..=27
  wire [5:0] weighted_choice_19 = weighted_held_12 ? 6'd54 : {1'b0, weighted_held_13}; // 0..=54
  reg [6:0] weighted_held_14;
  wire signed [7:0] weighted_difference_9 = {1'b0, weighted_held_14} - {2'd0, weighted_choice_19}; // -54..=127
  wire weighted_at_most_20 = 5'd9 <= weighted_difference_9[4:0];
  wire weighted_at_most_21 = 5'd18 <= weighted_difference_9[4:0];
  wire [3:0] weighted_choice_20 = weighted_at_most_20 ? 4'd9 : 4'd0; // 0..=9
  wire [4:0] weighted_choice_21 = weighted_at_most_21 ? 5'd18 : {1'b0, weighted_choice_20}; // 0..=18
  wire signed [5:0] weighted_difference_10 = {1'b0, weighted_difference_9[4:0]} - {1'b0, weighted_choice_21}; // -18..=31
  wire weighted_at_most_22 = 4'd3 <= weighted_difference_10[3:0];
  wire weighted_at_most_23 = 4'd6 <= weighted_difference_10[3:0];
  reg weighted_held_15;
  wire [1:0] weighted_choice_22 = weighted_held_15 ? 2'd3 : 2'd0;
  wire [2:0] weighted_choice_23 = weighted_held_16 ? 3'd6 : {1'b0, weighted_choice_22}; // 0..=6
  reg [3:0] weighted_held_17;
  wire signed [4:0] weighted_difference_11 = {1'b0, weighted_held_17} - {2'd0, weighted_choice_23}; // -6..=15
  wire [6:0] weighted_choice_24 = (8'd81 <= weights_memory_weighted_payload[67:60]) ? 7'd81 : 7'd0; // 0..=81
  wire [7:0] weighted_choice_25 = (8'd162 <= weights_memory_weighted_payload[67:60]) ? 8'd162 : {1'b0, weighted_choice_24}; // 0..=162
  wire signed [8:0] weighted_difference_12 = {1'b0, weights_memory_weighted_payload[67:60]} - {1'b0, weighted_choice_25}; // -162..=255
  wire [4:0] weighted_choice_26 = (7'd27 <= weighted_difference_12[6:0]) ? 5'd27 : 5'd0; // 0..=27
  reg weighted_held_18;
  reg [4:0] weighted_held_19; // 0..=27
  wire [5:0] weighted_choice_27 = weighted_held_18 ? 6'd54 : {1'b0, weighted_held_19}; // 0..=54
  reg [6:0] weighted_held_20;
  wire signed [7:0] weighted_difference_13 = {1'b0, weighted_held_20} - {2'd0, weighted_choice_27}; // -54..=127
  wire weighted_at_most_24 = 5'd9 <= weighted_difference_13[4:0];
  wire weighted_at_most_25 = 5'd18 <= weighted_difference_13[4:0];
  wire [3:0] weighted_choice_28 = weighted_at_most_24 ? 4'd9 : 4'd0; // 0..=9
  wire [4:0] weighted_choice_29 = weighted_at_most_25 ? 5'd18 : {1'b0, weighted_choice_28}; // 0..=18
  wire signed [5:0] weighted_difference_14 = {1'b0, weighted_difference_13[4:0]} - {1'b0, weighted_choice_29}; // -18..=31
  wire weighted_at_most_26 = 4'd3 <= weighted_difference_14[3:0];
  wire weighted_at_most_27 = 4'd6 <= weighted_difference_14[3:0];
  reg weighted_held_21;
  wire [1:0] weighted_choice_30 = weighted_held_21 ? 2'd3 : 2'd0;
  wire [2:0] weighted_choice_31 = weighted_held_22 ? 3'd6 : {1'b0, weighted_choice_30}; // 0..=6
  reg [3:0] weighted_held_23;
  wire signed [4:0] weighted_difference_15 = {1'b0, weighted_held_23} - {2'd0, weighted_choice_31}; // -6..=15
  reg weighted_valid_q1;
  reg weighted_valid_q2;
  reg weighted_last_q1;
  reg weighted_last_q2;
  reg weighted_last_q3;
  reg weighted_held_24;
  reg weighted_held_25;
  reg weighted_held_26;
  reg weighted_held_27;
  assign row_dot_0_w = {weighted_at_most_11, weighted_at_most_10, weighted_at_most_13, weighted_at_most_12, weighted_at_most_15,
      weighted_at_most_14, 4'd2 <= weighted_difference_7[3:0], 4'd1 <= weighted_difference_7[3:0], weighted_at_most_1,
      weighted_at_most, weighted_at_most_3, weighted_at_most_2, weighted_at_most_5, weighted_at_most_4, weighted_at_most_7,
      weighted_at_most_6, 4'd2 <= weighted_difference_3[3:0], 4'd1 <= weighted_difference_3[3:0]};
  assign row_dot_1_w = {weighted_at_most_25, weighted_at_most_24, weighted_at_most_27, weighted_at_most_26, 4'd2 <= weighted_difference_15[3:0],
      4'd1 <= weighted_difference_15[3:0], weighted_at_most_17, weighted_at_most_16, weighted_at_most_19, weighted_at_most_18,
      weighted_at_most_21, weighted_at_most_20, weighted_at_most_23, weighted_at_most_22, 4'd2 <= weighted_difference_11[3:0],
      4'd1 <= weighted_difference_11[3:0], weighted_at_most_9, weighted_at_most_8};
  always @(posedge clk) begin
    if (rst) begin
      weighted_valid_q1 <= 1'b0;
      weighted_valid_q2 <= 1'b0;
      weighted_valid_q3 <= 1'b0;
    end else if (weighted_go) begin
      weighted_valid_q1 <= weights_memory_weighted_valid;
      weighted_valid_q2 <= weighted_valid_q1;
      weighted_valid_q3 <= weighted_valid_q2;
    end
  end
  always @(posedge clk) begin
    if (weighted_go) begin
      weighted_last_q1 <= weights_memory_weighted_last;
      weighted_last_q2 <= weighted_last_q1;
      weighted_last_q3 <= weighted_last_q2;
      weighted_held <= weighted_at_most_3;
      weighted_held_1 <= weighted_choice_2;
      weighted_held_2 <= weighted_difference[6:0];
      weighted_held_3 <= weighted_at_most_6;
      weighted_held_4 <= weighted_at_most_7;
      weighted_held_5 <= weighted_difference_2[3:0];
      weighted_held_6 <= weighted_at_most_11;
      weighted_held_7 <= weighted_choice_10;
      weighted_held_8 <= weighted_difference_4[6:0];
      weighted_held_9 <= weighted_at_most_14;
      weighted_held_10 <= weighted_at_most_15;
      weighted_held_11 <= weighted_difference_6[3:0];
      weighted_held_12 <= weighted_at_most_19;
      weighted_held_13 <= weighted_choice_18;
      weighted_held_14 <= weighted_difference_8[6:0];
      weighted_held_15 <= weighted_at_most_22;
      weighted_held_16 <= weighted_at_most_23;
      weighted_held_17 <= weighted_difference_10[3:0];
      weighted_held_18 <= 7'd54 <= weighted_difference_12[6:0];
      weighted_held_19 <= weighted_choice_26;
      weighted_held_20 <= weighted_difference_12[6:0];
      weighted_held_21 <= weighted_at_most_26;
      weighted_held_22 <= weighted_at_most_27;
      weighted_held_23 <= weighted_difference_14[3:0];
      weighted_held_24 <= weighted_held_6;
      weighted_held_25 <= weighted_held_24;
      weighted_held_26 <= weighted_at_most_25;
      weighted_held_27 <= weighted_held_26;
    end
  end

  // ---- accumulator
  wire accumulators_sums_valid;
  wire [15:0] accumulators_sums_payload;
  my_convolution_accumulators accumulators (
    .clk(clk), .rst(rst),
    .dots_valid(weighted_valid_q3),
    .dots_payload({weighted_held_27, row_dot_1_sum, weighted_held_25, row_dot_0_sum}), .dots_last(weighted_last_q3),
    .dots_ready(accumulators_dots_ready),
    .sums_ready(y_stage_go), .sums_valid(accumulators_sums_valid), .sums_payload(accumulators_sums_payload)
  );

  // ---- sums
  reg [5:0] sums_frame_place; // 0..=59
  wire sums_frame_place_is_59 = sums_frame_place == 6'd59;
  wire [5:0] sums_frame_place_plus_1 = sums_frame_place + 6'd1; // 1..=60
  wire [5:0] sums_frame_place_next = sums_frame_place_is_59 ? 6'd0 : sums_frame_place_plus_1; // 0..=59
  always @(posedge clk) begin
    if (rst) begin
      sums_frame_place <= 6'd0;
    end else if (accumulators_sums_valid & y_stage_go) begin
      sums_frame_place <= sums_frame_place_next;
    end
  end

  // ---- y
  reg y_stage_valid;
  wire requantize_acc_ready;
  reg y_lane_place;
  wire y_lane_place_is_1 = y_lane_place == 1'b1;
  wire y_ready_1 = requantize_acc_ready & y_lane_place_is_1;
  assign y_stage_go = ~y_stage_valid | y_ready_1;
  reg signed [7:0] y_stage_0;
  reg signed [7:0] y_stage_1;
  reg y_stage_last;
  wire signed [7:0] requantize_acc_payload = y_lane_place ? y_stage_1 : y_stage_0;
  my_convolution_requantize requantize (
    .clk(clk), .rst(rst),
    .acc_valid(y_stage_valid), .acc_payload(requantize_acc_payload), .acc_last(y_stage_last & y_lane_place_is_1),
    .acc_ready(requantize_acc_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(y_payload), .y_last(y_last)
  );
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= accumulators_sums_valid;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= accumulators_sums_payload[7:0];
      y_stage_1 <= accumulators_sums_payload[15:8];
      y_stage_last <= sums_frame_place_is_59;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      y_lane_place <= 1'b0;
    end else if (y_stage_valid & requantize_acc_ready) begin
      y_lane_place <= ~y_lane_place_is_1;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~window_raster_place_2_is_5) && (3'd5 < window_raster_place_2_plus_1)) begin
      $display("%m: window_raster_place_2_plus_1 is assumed to be 1..=5 (src/blocks/window/counter.rs), not %0d", window_raster_place_2_plus_1);
      $finish;
    end
    if ((~rst && ~window_raster_place_3_is_4) && (3'd4 < window_raster_place_3_plus_1)) begin
      $display("%m: window_raster_place_3_plus_1 is assumed to be 1..=4 (src/blocks/window/counter.rs), not %0d", window_raster_place_3_plus_1);
      $finish;
    end
    if ((~rst && ~sums_frame_place_is_59) && (6'd59 < sums_frame_place_plus_1)) begin
      $display("%m: sums_frame_place_plus_1 is assumed to be 1..=59 (src/datapath/convolution/outgoing.rs), not %0d", sums_frame_place_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [5:0] x_beat; // of the 60 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 6'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 6'd59)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 59 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 6'd0 : (x_beat + 6'd1);
    end
  end
`endif
  wire unused_bits = &{1'b0, weighted_difference[8:7], weighted_difference_1[7:5], weighted_difference_2[5:4], weighted_difference_3[4],
      weighted_difference_4[8:7], weighted_difference_5[7:5], weighted_difference_6[5:4], weighted_difference_7[4],
      weighted_difference_8[8:7], weighted_difference_9[7:5], weighted_difference_10[5:4], weighted_difference_11[4],
      weighted_difference_12[8:7], weighted_difference_13[7:5], weighted_difference_14[5:4], weighted_difference_15[4]};
endmodule

// ---- my_convolution_replay.v
// Design my_convolution, text <hash>, written by ternlet <version>
// each frame of 2 beats 2 times; the next one is taken meanwhile
module my_convolution_replay (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [3:0] x_payload,
  input  wire replayed_ready,
  output wire x_ready,
  output wire replayed_valid,
  output reg  [3:0] replayed_payload
);
  reg replay_fill_bank;
  reg replay_full_1;
  reg replay_full_0;
  assign x_ready = replay_fill_bank ? ~replay_full_1 : ~replay_full_0;
  reg replay_fill_place;
  wire replay_fill_place_enable = x_valid & x_ready;
  wire replay_fill_place_is_1 = replay_fill_place == 1'b1;
  wire replay_both = replay_fill_place_enable & replay_fill_place_is_1;
  reg replay_bank;
  reg replay_pass;
  reg replay_place;
  wire replay_place_is_1 = replay_place == 1'b1;
  wire replay_pass_is_1 = replay_pass == 1'b1;
  wire replay_pass_next = replay_place_is_1 ? ~replay_pass_is_1 : replay_pass;
  wire replay_valid_q1_next = replay_bank ? replay_full_1 : replay_full_0;
  reg replay_valid_q1;
  wire replay_go = ~replay_valid_q1 | replayed_ready;
  wire replay_pass_enable = replay_valid_q1_next & replay_go;
  wire replay_done = replay_pass_enable & (replay_place_is_1 & replay_pass_is_1);
  wire replay_full_0_next = (replay_both & ~replay_fill_bank) | (replay_full_0 & ~(replay_done & ~replay_bank));
  wire replay_full_1_next = (replay_both & replay_fill_bank) | (replay_full_1 & ~(replay_done & replay_bank));
  assign replayed_valid = replay_valid_q1;
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
      replay_fill_place <= ~replay_fill_place_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_pass <= 1'b0;
      replay_place <= 1'b0;
    end else if (replay_pass_enable) begin
      replay_pass <= replay_pass_next;
      replay_place <= ~replay_place_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_valid_q1 <= 1'b0;
    end else if (replay_go) begin
      replay_valid_q1 <= replay_valid_q1_next;
    end
  end
  (* no_rw_check *) reg [3:0] replay_frames [0:3];
  always @(posedge clk) begin
    if (replay_fill_place_enable) begin
      replay_frames[{replay_fill_bank, replay_fill_place}] <= x_payload;
    end
  end
  always @(posedge clk) begin
    if (replay_go) begin
      replayed_payload <= replay_frames[{replay_bank, replay_place}];
    end
  end
endmodule

// ---- my_convolution_window_axis_0.v
// Design my_convolution, text <hash>, written by ternlet <version>
// windows of 3 along an axis, 1 apart
module my_convolution_window_axis_0 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [4:0] x_payload, // [3:0] x_tap; [4] x_end_0
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [12:0] y_payload // [4*i +: 4] y_tap i, i = 0..2; [12] y_end_1
);

  // ---- replay
  wire [3:0] x_tap = x_payload[3:0];

  // ---- window_axis_0
  wire x_end_0 = x_payload[4];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg window_line_start;
  reg window_between;
  reg window_there_0;
  reg window_flushing;
  wire window_flushes = window_line_start ? ((window_between & window_there_0) & ~x_valid) : window_flushing;
  wire window_raster_ready = not_window_emits_or_y_ready & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_before;
  reg [2:0] window_inner_0; // 0..=5
  wire window_inner_0_is_5 = window_inner_0 == 3'd5;
  reg window_inner_1;
  wire window_inner_1_is_1 = window_inner_1 == 1'b1;
  reg window_inner_2;
  wire window_inner_2_is_1 = window_inner_2 == 1'b1;
  wire [3:0] window_written_next = {window_inner_0, window_inner_2};
  reg [3:0] window_written; // 0..=11
  reg window_inner_1_is_1_q;
  wire window_keeps = window_fresh & window_inner_1_is_1_q;
  wire window_steps = not_window_emits_or_y_ready & (x_valid | window_flushes);
  reg [3:0] window_0_0;
  reg [7:0] window_lines_word;
  wire window_there_0_enable = window_steps & window_line_start;
  wire window_inner_1_enable = window_steps & window_inner_2_is_1;
  wire window_inner_0_enable = window_inner_1_enable & window_inner_1_is_1;
  wire [2:0] window_inner_0_plus_1 = window_inner_0 + 3'd1; // 1..=6
  wire [2:0] window_inner_0_next = window_inner_0_is_5 ? 3'd0 : window_inner_0_plus_1; // 0..=5
  reg window_inner_0_is_5_q;
  assign x_ready = window_raster_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_there_0_enable) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_before <= window_there_1 & ~window_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
      window_line_start <= 1'b1;
      window_inner_2 <= 1'b0;
    end else if (window_steps) begin
      window_end_0 <= x_end_0 & ~window_flushes;
      window_line_start <= (window_inner_0_is_5 & window_inner_1_is_1) & window_inner_2_is_1;
      window_inner_2 <= ~window_inner_2_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_flushing <= 1'b0;
    end else if (window_steps & window_line_start) begin
      window_flushing <= window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_inner_0 <= 3'd0;
    end else if (window_inner_0_enable) begin
      window_inner_0 <= window_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_inner_1 <= 1'b0;
    end else if (window_inner_1_enable) begin
      window_inner_1 <= ~window_inner_1_is_1;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_written <= window_written_next;
      window_inner_1_is_1_q <= window_inner_1_is_1;
      window_0_0 <= x_tap;
      window_inner_0_is_5_q <= window_inner_0_is_5;
    end
  end
  (* no_rw_check *) reg [7:0] window_lines [0:11];
  always @(posedge clk) begin
    if (window_keeps) begin
      window_lines[window_written] <= {window_lines_word[3:0], window_0_0};
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_lines_word <= window_lines[window_written_next];
    end
  end

  // ---- window
  wire [3:0] window_before_is_0_choice = (window_before == 1'b0) ? 4'd0 : window_lines_word[7:4];
  wire [3:0] window_choice = (~window_end_1 == 1'b0) ? 4'd0 : window_0_0;
  assign y_payload = {window_inner_0_is_5_q, window_choice, window_lines_word[3:0], window_before_is_0_choice};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if (~rst && (4'd11 < window_written_next)) begin
      $display("%m: window_written_next is assumed to be 0..=11 (src/blocks/window/cursor.rs), not %0d", window_written_next);
      $finish;
    end
    if ((~rst && (window_inner_0_enable & ~window_inner_0_is_5)) && (3'd5 < window_inner_0_plus_1)) begin
      $display("%m: window_inner_0_plus_1 is assumed to be 1..=5 (src/blocks/window/cursor.rs), not %0d", window_inner_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_convolution_window_axis_1.v
// Design my_convolution, text <hash>, written by ternlet <version>
// windows of 3 along an axis, 1 apart
module my_convolution_window_axis_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [12:0] x_payload, // [4*i +: 4] x_tap i, i = 0..2; [12] x_end_1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [35:0] y_payload // [4*i +: 4] y_tap i, i = 0..8
);

  // ---- driven further down
  wire [3:0] x_tap_0;
  wire [3:0] x_tap_2;

  // ---- window_axis_1
  wire [3:0] x_tap_1 = x_payload[7:4];
  wire x_end_1 = x_payload[12];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg window_line_start;
  reg window_between;
  reg window_there_0;
  reg window_flushing;
  wire window_flushes = window_line_start ? ((window_between & window_there_0) & ~x_valid) : window_flushing;
  wire window_ready = not_window_emits_or_y_ready & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_before;
  reg window_inner_0;
  wire window_inner_0_is_1 = window_inner_0 == 1'b1;
  reg window_inner_1;
  wire window_inner_1_is_1 = window_inner_1 == 1'b1;
  reg window_written;
  reg window_inner_0_is_1_q;
  wire window_keeps = window_fresh & window_inner_0_is_1_q;
  wire window_steps = not_window_emits_or_y_ready & (x_valid | window_flushes);
  reg [3:0] window_0_0;
  reg [3:0] window_1_0;
  reg [3:0] window_2_0;
  reg [23:0] window_lines_word;
  wire [23:0] window_lines_written = {window_lines_word[19:16], window_2_0, window_lines_word[11:8], window_1_0,
      window_lines_word[3:0], window_0_0};
  wire window_there_0_enable = window_steps & window_line_start;
  assign x_ready = window_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_there_0_enable) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_before <= window_there_1 & ~window_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
      window_line_start <= 1'b1;
      window_inner_1 <= 1'b0;
    end else if (window_steps) begin
      window_end_0 <= x_end_1 & ~window_flushes;
      window_line_start <= window_inner_0_is_1 & window_inner_1_is_1;
      window_inner_1 <= ~window_inner_1_is_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_flushing <= 1'b0;
    end else if (window_steps & window_line_start) begin
      window_flushing <= window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_inner_0 <= 1'b0;
    end else if (window_steps & window_inner_1_is_1) begin
      window_inner_0 <= ~window_inner_0_is_1;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_written <= window_inner_1;
      window_inner_0_is_1_q <= window_inner_0_is_1;
      window_0_0 <= x_tap_0;
      window_1_0 <= x_tap_1;
      window_2_0 <= x_tap_2;
    end
  end
  (* no_rw_check *) reg [23:0] window_lines [0:1];
  always @(posedge clk) begin
    if (window_keeps) begin
      window_lines[window_written] <= window_lines_written;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_lines_word <= window_lines[window_inner_1];
    end
  end

  // ---- window
  assign x_tap_0 = x_payload[3:0];
  assign x_tap_2 = x_payload[11:8];
  wire window_before_is_0 = window_before == 1'b0;
  wire [3:0] window_before_is_0_choice = window_before_is_0 ? 4'd0 : window_lines_word[7:4];
  wire [3:0] window_before_is_0_choice_1 = window_before_is_0 ? 4'd0 : window_lines_word[15:12];
  wire [3:0] window_before_is_0_choice_2 = window_before_is_0 ? 4'd0 : window_lines_word[23:20];
  wire window_end_1_choice_is_0 = ~window_end_1 == 1'b0;
  wire [3:0] window_choice = window_end_1_choice_is_0 ? 4'd0 : window_0_0;
  wire [3:0] window_choice_1 = window_end_1_choice_is_0 ? 4'd0 : window_1_0;
  wire [3:0] window_choice_2 = window_end_1_choice_is_0 ? 4'd0 : window_2_0;
  assign y_payload = {window_choice_2, window_lines_word[19:16], window_before_is_0_choice_2, window_choice_1, window_lines_word[11:8],
      window_before_is_0_choice_1, window_choice, window_lines_word[3:0], window_before_is_0_choice};
endmodule

// ---- my_convolution_weights_memory.v
// Design my_convolution, text <hash>, written by ternlet <version>
// activations, each beat next to the word of its weights
module my_convolution_weights_memory (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [35:0] x_payload, // [4*i +: 4] x i, i = 0..8
  input  wire x_last,
  input  wire weighted_ready,
  output wire x_ready,
  output wire weighted_valid,
  output wire [67:0] weighted_payload, // [4*i +: 4] weighted_x i, i = 0..8; [67:36] weighted_word
  output wire weighted_last
);

  // ---- driven further down
  wire x_go;
  reg [31:0] weights_word;
  reg [1:0] step;

  // ---- weights_memory
  assign x_ready = x_go;

  // ---- window
  wire [3:0] x_0 = x_payload[3:0];
  wire [3:0] x_1 = x_payload[7:4];
  wire [3:0] x_2 = x_payload[11:8];
  wire [3:0] x_3 = x_payload[15:12];
  wire [3:0] x_4 = x_payload[19:16];
  wire [3:0] x_5 = x_payload[23:20];
  wire [3:0] x_6 = x_payload[27:24];
  wire [3:0] x_7 = x_payload[31:28];
  wire [3:0] x_8 = x_payload[35:32];
  reg [3:0] weighted_x_0;
  reg [3:0] weighted_x_1;
  reg [3:0] weighted_x_2;
  reg [3:0] weighted_x_3;
  reg [3:0] weighted_x_4;
  reg [3:0] weighted_x_5;
  reg [3:0] weighted_x_6;
  reg [3:0] weighted_x_7;
  reg [3:0] weighted_x_8;
  assign weighted_payload = {weights_word, weighted_x_8, weighted_x_7, weighted_x_6, weighted_x_5, weighted_x_4,
      weighted_x_3, weighted_x_2, weighted_x_1, weighted_x_0};
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
      weighted_x_8 <= x_8;
    end
  end

  // ---- x
  reg x_valid_q1;
  assign x_go = ~x_valid_q1 | weighted_ready;
  reg x_last_q1;
  assign weighted_valid = x_valid_q1;
  assign weighted_last = x_last_q1;
  always @(posedge clk) begin
    if (rst) begin
      x_valid_q1 <= 1'b0;
    end else if (x_go) begin
      x_valid_q1 <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (x_go) begin
      x_last_q1 <= x_last;
    end
  end
  (* no_rw_check *) reg [31:0] weights [0:3];
  initial begin
    weights[0] = 32'd58080046; weights[1] = 32'd218672037; weights[2] = 32'd1779006; weights[3] = 32'd319012178;
  end
  always @(posedge clk) begin
    if (x_go) begin
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
    end else if (x_valid & x_go) begin
      step <= step_next;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~step_is_3) && (3'd3 < step_plus_1)) begin
      $display("%m: step_plus_1 is assumed to be 1..=3 (src/blocks/walk.rs), not %0d", step_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_convolution_row_dot.v
// Design my_convolution, text <hash>, written by ternlet <version>
// sum + carry: a row's products of one beat, summed up
module my_convolution_row_dot (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [35:0] x, // [4*i +: 4] x i, i = 0..8
  input  wire [17:0] w, // [0] w_0_nonzero; [1] w_0_negative; [2] w_1_nonzero; [3] w_1_negative; [4] w_2_nonzero; [5] w_2_negative; [6] w_3_nonzero; [7] w_3_negative; [8] w_4_nonzero; [9] w_4_negative; [10] w_5_nonzero; [11] w_5_negative; [12] w_6_nonzero; [13] w_6_negative; [14] w_7_nonzero; [15] w_7_negative; [16] w_8_nonzero; [17] w_8_negative
  input  wire [2:0] w_q, // [0] w_1_negative_q; [1] w_3_negative_q; [2] w_6_negative_q
  input  wire weighted_go,
  output wire signed [8:0] sum // -144..=143
);

  // ---- window
  wire [3:0] x_0 = x[3:0];
  wire [3:0] x_1 = x[7:4];
  wire [3:0] x_2 = x[11:8];
  wire [3:0] x_3 = x[15:12];
  wire [3:0] x_4 = x[19:16];
  wire [3:0] x_5 = x[23:20];
  wire [3:0] x_6 = x[27:24];
  wire [3:0] x_7 = x[31:28];
  wire [3:0] x_8 = x[35:32];

  // ---- weighted
  wire w_0_nonzero = w[0];
  wire w_0_negative = w[1];
  wire w_1_nonzero = w[2];
  wire w_1_negative = w[3];
  wire w_2_nonzero = w[4];
  wire w_2_negative = w[5];
  wire w_3_nonzero = w[6];
  wire w_3_negative = w[7];
  wire w_4_nonzero = w[8];
  wire w_4_negative = w[9];
  wire w_5_nonzero = w[10];
  wire w_5_negative = w[11];
  wire w_6_nonzero = w[12];
  wire w_6_negative = w[13];
  wire w_7_nonzero = w[14];
  wire w_7_negative = w[15];
  wire w_8_nonzero = w[16];
  wire w_8_negative = w[17];
  wire w_1_negative_q = w_q[0];
  wire w_3_negative_q = w_q[1];
  wire w_6_negative_q = w_q[2];
  reg w_1_negative_q2;
  reg w_3_negative_q3;
  reg w_4_negative_q2;
  reg w_6_negative_q2;
  reg w_7_negative_q2;
  reg w_3_negative_q2;
  reg w_4_negative_q;
  reg w_7_negative_q;
  always @(posedge clk) begin
    if (weighted_go) begin
      w_1_negative_q2 <= w_1_negative_q;
      w_3_negative_q2 <= w_3_negative_q;
      w_3_negative_q3 <= w_3_negative_q2;
      w_4_negative_q <= w_4_negative;
      w_4_negative_q2 <= w_4_negative_q;
      w_6_negative_q2 <= w_6_negative_q;
      w_7_negative_q <= w_7_negative;
      w_7_negative_q2 <= w_7_negative_q;
    end
  end

  // ---- row_dot
  reg [3:0] x_0_q2;
  reg [3:0] x_1_q2;
  reg [3:0] held;
  reg [3:0] held_1;
  reg w_1_negative_q_1;
  reg [3:0] x_2_q;
  reg [3:0] held_2;
  reg [3:0] held_3;
  reg w_3_negative_q_1;
  reg [3:0] x_5_q2;
  reg [3:0] x_6_q2;
  reg [3:0] held_4;
  reg [3:0] held_5;
  reg w_6_negative_q_1;
  reg [3:0] x_7_q;
  reg [3:0] held_6;
  reg [3:0] held_7;
  reg w_8_negative_q;
  wire signed [5:0] sum_0_to_1;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_0_to_1_adder (
    .a({w_0_negative, w_0_negative, (x_0_q2 ^ {4{w_0_negative}}) & {4{w_0_nonzero}}}),
    .b({w_1_negative_q_1, w_1_negative_q_1, (x_1_q2 ^ held) & held_1}), .carry_in(w_0_negative), .sum(sum_0_to_1)
  );
  reg signed [5:0] sum_0_to_1_q;
  reg signed [4:0] held_8;
  wire signed [6:0] sum_0_to_2; // -48..=47
  my_convolution_adder_with_carry #(.WIDTH(7)) sum_0_to_2_adder (
    .a({sum_0_to_1_q[5], sum_0_to_1_q}), .b({{2{held_8[4]}}, held_8}), .carry_in(w_1_negative_q2), .sum(sum_0_to_2)
  );
  reg signed [4:0] held_9;
  wire signed [5:0] sum_3_to_4;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_3_to_4_adder (
    .a({w_3_negative_q_1, w_3_negative_q_1, held_2 & held_3}), .b({held_9[4], held_9}), .carry_in(w_2_negative),
    .sum(sum_3_to_4)
  );
  reg signed [5:0] sum_3_to_4_q2;
  wire signed [7:0] sum_0_to_4; // -80..=79
  my_convolution_adder_with_carry #(.WIDTH(8)) sum_0_to_4_adder (
    .a({sum_0_to_2[6], sum_0_to_2}), .b({{2{sum_3_to_4_q2[5]}}, sum_3_to_4_q2}), .carry_in(w_3_negative_q3),
    .sum(sum_0_to_4)
  );
  wire signed [5:0] sum_5_to_6;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_5_to_6_adder (
    .a({w_5_negative, w_5_negative, (x_5_q2 ^ {4{w_5_negative}}) & {4{w_5_nonzero}}}),
    .b({w_6_negative_q_1, w_6_negative_q_1, (x_6_q2 ^ held_4) & held_5}), .carry_in(w_4_negative_q2),
    .sum(sum_5_to_6)
  );
  reg signed [4:0] held_10;
  reg signed [4:0] held_11;
  wire signed [5:0] sum_7_to_8;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_7_to_8_adder (
    .a({held_10[4], held_10}), .b({held_11[4], held_11}), .carry_in(w_5_negative), .sum(sum_7_to_8)
  );
  reg signed [5:0] sum_5_to_6_q;
  reg signed [5:0] sum_7_to_8_q;
  wire signed [6:0] sum_5_to_8;
  my_convolution_adder_with_carry #(.WIDTH(7)) sum_5_to_8_adder (
    .a({sum_5_to_6_q[5], sum_5_to_6_q}), .b({sum_7_to_8_q[5], sum_7_to_8_q}), .carry_in(w_6_negative_q2),
    .sum(sum_5_to_8)
  );
  my_convolution_adder_with_carry #(.WIDTH(9)) sum_adder (
    .a({sum_0_to_4[7], sum_0_to_4}), .b({{2{sum_5_to_8[6]}}, sum_5_to_8}), .carry_in(w_7_negative_q2), .sum(sum)
  );
  reg [3:0] x_0_q;
  reg [3:0] x_1_q;
  reg [3:0] x_5_q;
  reg [3:0] x_6_q;
  reg signed [4:0] held_12;
  reg signed [5:0] sum_3_to_4_q;
  always @(posedge clk) begin
    if (weighted_go) begin
      x_0_q <= x_0;
      x_0_q2 <= x_0_q;
      x_1_q <= x_1;
      x_1_q2 <= x_1_q;
      held <= {4{w_1_negative}};
      held_1 <= {4{w_1_nonzero}};
      w_1_negative_q_1 <= w_1_negative;
      x_2_q <= x_2;
      held_2 <= x_3 ^ {4{w_3_negative}};
      held_3 <= {4{w_3_nonzero}};
      w_3_negative_q_1 <= w_3_negative;
      x_5_q <= x_5;
      x_5_q2 <= x_5_q;
      x_6_q <= x_6;
      x_6_q2 <= x_6_q;
      held_4 <= {4{w_6_negative}};
      held_5 <= {4{w_6_nonzero}};
      w_6_negative_q_1 <= w_6_negative;
      x_7_q <= x_7;
      held_6 <= x_8 ^ {4{w_8_negative}};
      held_7 <= {4{w_8_nonzero}};
      w_8_negative_q <= w_8_negative;
      sum_0_to_1_q <= sum_0_to_1;
      held_12 <= {w_2_negative, (x_2_q ^ {4{w_2_negative}}) & {4{w_2_nonzero}}};
      held_8 <= held_12;
      held_9 <= {w_4_negative, (x_4 ^ {4{w_4_negative}}) & {4{w_4_nonzero}}};
      sum_3_to_4_q <= sum_3_to_4;
      sum_3_to_4_q2 <= sum_3_to_4_q;
      held_10 <= {w_7_negative, (x_7_q ^ {4{w_7_negative}}) & {4{w_7_nonzero}}};
      held_11 <= {w_8_negative_q, held_6 & held_7};
      sum_5_to_6_q <= sum_5_to_6;
      sum_7_to_8_q <= sum_7_to_8;
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_convolution_row_dot_1.v
// Design my_convolution, text <hash>, written by ternlet <version>
// sum + carry: a row's products of one beat, summed up
module my_convolution_row_dot_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [35:0] x, // [4*i +: 4] x i, i = 0..8
  input  wire [17:0] w, // [0] w_0_nonzero; [1] w_0_negative; [2] w_1_nonzero; [3] w_1_negative; [4] w_2_nonzero; [5] w_2_negative; [6] w_3_nonzero; [7] w_3_negative; [8] w_4_nonzero; [9] w_4_negative; [10] w_5_nonzero; [11] w_5_negative; [12] w_6_nonzero; [13] w_6_negative; [14] w_7_nonzero; [15] w_7_negative; [16] w_8_nonzero; [17] w_8_negative
  input  wire [2:0] w_q, // [0] w_2_negative_q; [1] w_4_negative_q; [2] w_7_negative_q
  input  wire weighted_go,
  output wire signed [8:0] sum // -144..=143
);

  // ---- window
  wire [3:0] x_0 = x[3:0];
  wire [3:0] x_1 = x[7:4];
  wire [3:0] x_2 = x[11:8];
  wire [3:0] x_3 = x[15:12];
  wire [3:0] x_4 = x[19:16];
  wire [3:0] x_5 = x[23:20];
  wire [3:0] x_6 = x[27:24];
  wire [3:0] x_7 = x[31:28];
  wire [3:0] x_8 = x[35:32];

  // ---- weighted
  wire w_0_nonzero = w[0];
  wire w_0_negative = w[1];
  wire w_1_nonzero = w[2];
  wire w_1_negative = w[3];
  wire w_2_nonzero = w[4];
  wire w_2_negative = w[5];
  wire w_3_nonzero = w[6];
  wire w_3_negative = w[7];
  wire w_4_nonzero = w[8];
  wire w_4_negative = w[9];
  wire w_5_nonzero = w[10];
  wire w_5_negative = w[11];
  wire w_6_nonzero = w[12];
  wire w_6_negative = w[13];
  wire w_7_nonzero = w[14];
  wire w_7_negative = w[15];
  wire w_8_nonzero = w[16];
  wire w_8_negative = w[17];
  wire w_2_negative_q = w_q[0];
  wire w_4_negative_q = w_q[1];
  wire w_7_negative_q = w_q[2];
  reg w_0_negative_q2;
  reg w_1_negative_q;
  reg w_3_negative_q2;
  reg w_4_negative_q2;
  reg w_5_negative_q2;
  reg w_6_negative_q;
  reg w_7_negative_q2;
  reg w_0_negative_q;
  reg w_3_negative_q;
  reg w_5_negative_q;
  always @(posedge clk) begin
    if (weighted_go) begin
      w_0_negative_q <= w_0_negative;
      w_0_negative_q2 <= w_0_negative_q;
      w_1_negative_q <= w_1_negative;
      w_3_negative_q <= w_3_negative;
      w_3_negative_q2 <= w_3_negative_q;
      w_4_negative_q2 <= w_4_negative_q;
      w_5_negative_q <= w_5_negative;
      w_5_negative_q2 <= w_5_negative_q;
      w_6_negative_q <= w_6_negative;
      w_7_negative_q2 <= w_7_negative_q;
    end
  end

  // ---- row_dot
  reg [3:0] x_1_q2;
  reg [3:0] x_2_q2;
  reg [3:0] held;
  reg [3:0] held_1;
  reg w_2_negative_q_1;
  reg [3:0] x_3_q;
  reg [3:0] held_2;
  reg [3:0] held_3;
  reg w_4_negative_q_1;
  reg [3:0] x_6_q2;
  reg [3:0] x_7_q2;
  reg [3:0] held_4;
  reg [3:0] held_5;
  reg w_7_negative_q_1;
  reg [3:0] x_8_q;
  reg signed [4:0] held_6;
  wire signed [5:0] sum_0_to_1;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_0_to_1_adder (
    .a({held_6[4], held_6}), .b({w_1_negative, w_1_negative, (x_1_q2 ^ {4{w_1_negative}}) & {4{w_1_nonzero}}}),
    .carry_in(w_0_negative_q2), .sum(sum_0_to_1)
  );
  reg signed [5:0] sum_0_to_1_q;
  reg signed [4:0] held_7;
  wire signed [6:0] sum_0_to_2; // -48..=47
  my_convolution_adder_with_carry #(.WIDTH(7)) sum_0_to_2_adder (
    .a({sum_0_to_1_q[5], sum_0_to_1_q}), .b({{2{held_7[4]}}, held_7}), .carry_in(w_1_negative_q), .sum(sum_0_to_2)
  );
  reg signed [4:0] held_8;
  reg signed [4:0] held_9;
  wire signed [5:0] sum_3_to_4;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_3_to_4_adder (
    .a({held_8[4], held_8}), .b({held_9[4], held_9}), .carry_in(w_2_negative_q), .sum(sum_3_to_4)
  );
  reg signed [5:0] sum_3_to_4_q;
  wire signed [7:0] sum_0_to_4; // -80..=79
  my_convolution_adder_with_carry #(.WIDTH(8)) sum_0_to_4_adder (
    .a({sum_0_to_2[6], sum_0_to_2}), .b({{2{sum_3_to_4_q[5]}}, sum_3_to_4_q}), .carry_in(w_3_negative_q2),
    .sum(sum_0_to_4)
  );
  reg signed [4:0] held_10;
  wire signed [5:0] sum_5_to_6;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_5_to_6_adder (
    .a({held_10[4], held_10}), .b({w_6_negative, w_6_negative, (x_6_q2 ^ {4{w_6_negative}}) & {4{w_6_nonzero}}}),
    .carry_in(w_4_negative_q2), .sum(sum_5_to_6)
  );
  reg signed [4:0] held_11;
  wire signed [5:0] sum_7_to_8;
  my_convolution_adder_with_carry #(.WIDTH(6)) sum_7_to_8_adder (
    .a({w_7_negative_q_1, w_7_negative_q_1, (x_7_q2 ^ held_4) & held_5}), .b({held_11[4], held_11}),
    .carry_in(w_5_negative_q2), .sum(sum_7_to_8)
  );
  reg signed [5:0] sum_5_to_6_q;
  reg signed [5:0] sum_7_to_8_q;
  wire signed [6:0] sum_5_to_8;
  my_convolution_adder_with_carry #(.WIDTH(7)) sum_5_to_8_adder (
    .a({sum_5_to_6_q[5], sum_5_to_6_q}), .b({sum_7_to_8_q[5], sum_7_to_8_q}), .carry_in(w_6_negative_q),
    .sum(sum_5_to_8)
  );
  my_convolution_adder_with_carry #(.WIDTH(9)) sum_adder (
    .a({sum_0_to_4[7], sum_0_to_4}), .b({{2{sum_5_to_8[6]}}, sum_5_to_8}), .carry_in(w_7_negative_q2), .sum(sum)
  );
  reg [3:0] x_1_q;
  reg [3:0] x_2_q;
  reg [3:0] x_6_q;
  reg [3:0] x_7_q;
  reg signed [4:0] held_12;
  reg signed [4:0] held_13;
  always @(posedge clk) begin
    if (weighted_go) begin
      x_1_q <= x_1;
      x_1_q2 <= x_1_q;
      x_2_q <= x_2;
      x_2_q2 <= x_2_q;
      held <= {4{w_2_negative}};
      held_1 <= {4{w_2_nonzero}};
      w_2_negative_q_1 <= w_2_negative;
      x_3_q <= x_3;
      held_2 <= x_4 ^ {4{w_4_negative}};
      held_3 <= {4{w_4_nonzero}};
      w_4_negative_q_1 <= w_4_negative;
      x_6_q <= x_6;
      x_6_q2 <= x_6_q;
      x_7_q <= x_7;
      x_7_q2 <= x_7_q;
      held_4 <= {4{w_7_negative}};
      held_5 <= {4{w_7_nonzero}};
      w_7_negative_q_1 <= w_7_negative;
      x_8_q <= x_8;
      held_12 <= {w_0_negative, (x_0 ^ {4{w_0_negative}}) & {4{w_0_nonzero}}};
      held_6 <= held_12;
      sum_0_to_1_q <= sum_0_to_1;
      held_7 <= {w_2_negative_q_1, (x_2_q2 ^ held) & held_1};
      held_8 <= {w_3_negative, (x_3_q ^ {4{w_3_negative}}) & {4{w_3_nonzero}}};
      held_9 <= {w_4_negative_q_1, held_2 & held_3};
      sum_3_to_4_q <= sum_3_to_4;
      held_13 <= {w_5_negative, (x_5 ^ {4{w_5_negative}}) & {4{w_5_nonzero}}};
      held_10 <= held_13;
      held_11 <= {w_8_negative, (x_8_q ^ {4{w_8_negative}}) & {4{w_8_nonzero}}};
      sum_5_to_6_q <= sum_5_to_6;
      sum_7_to_8_q <= sum_7_to_8;
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_convolution_accumulators.v
// Design my_convolution, text <hash>, written by ternlet <version>
// the sum of the dots of 2 beats, for each row
module my_convolution_accumulators (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire dots_valid,
  input  wire [19:0] dots_payload, // [8:0] dots_0_sum, -144..=143; [9] dots_0_carry; [18:10] dots_1_sum, -144..=143; [19] dots_1_carry
  input  wire dots_last,
  input  wire sums_ready,
  output wire dots_ready,
  output wire sums_valid,
  output wire [15:0] sums_payload // [8*i +: 8] sums i, i = 0..1, signed
);

  // ---- driven further down
  reg dots_stage_valid;
  wire dots_stage_go;
  reg signed [8:0] dots_stage_0_sum; // -144..=143
  reg dots_stage_0_carry;
  reg signed [8:0] dots_stage_1_sum; // -144..=143
  reg dots_stage_1_carry;
  reg dots_stage_last;

  // ---- weighted
  wire dots_0_carry = dots_payload[9];
  wire dots_1_carry = dots_payload[19];
  assign dots_ready = dots_stage_go;

  // ---- accumulators
  wire signed [8:0] dots_0_sum = dots_payload[8:0]; // -144..=143
  wire signed [8:0] dots_1_sum = dots_payload[18:10]; // -144..=143

  // ---- accumulator
  reg accumulator_valid;
  wire dots_ready_1 = ~accumulator_valid | sums_ready;
  reg accumulator_start;
  reg signed [7:0] accumulator_0;
  reg signed [7:0] accumulator_1;
  wire signed [7:0] accumulator_before_0 = accumulator_start ? 8'd0 : accumulator_0;
  wire signed [7:0] accumulator_before_1 = accumulator_start ? 8'd0 : accumulator_1;
  wire accumulator_start_enable = dots_stage_valid & dots_ready_1;
  wire signed [9:0] total_0; // -272..=271
  my_convolution_adder_with_carry #(.WIDTH(10)) total_0_adder (
    .a({{2{accumulator_before_0[7]}}, accumulator_before_0}), .b({dots_stage_0_sum[8], dots_stage_0_sum}),
    .carry_in(dots_stage_0_carry), .sum(total_0)
  );
  wire signed [9:0] total_1; // -272..=271
  my_convolution_adder_with_carry #(.WIDTH(10)) total_1_adder (
    .a({{2{accumulator_before_1[7]}}, accumulator_before_1}), .b({dots_stage_1_sum[8], dots_stage_1_sum}),
    .carry_in(dots_stage_1_carry), .sum(total_1)
  );
  assign sums_payload = {accumulator_1, accumulator_0};
  assign sums_valid = accumulator_valid;
  always @(posedge clk) begin
    if (rst) begin
      accumulator_valid <= 1'b0;
    end else begin
      accumulator_valid <= (accumulator_start_enable & dots_stage_last) | (accumulator_valid & ~sums_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      accumulator_start <= 1'b1;
    end else if (accumulator_start_enable) begin
      accumulator_start <= dots_stage_last;
    end
  end
  always @(posedge clk) begin
    if (accumulator_start_enable) begin
      accumulator_0 <= total_0[7:0];
      accumulator_1 <= total_1[7:0];
    end
  end

  // ---- dots
  assign dots_stage_go = ~dots_stage_valid | dots_ready_1;
  always @(posedge clk) begin
    if (rst) begin
      dots_stage_valid <= 1'b0;
    end else if (dots_stage_go) begin
      dots_stage_valid <= dots_valid;
    end
  end
  always @(posedge clk) begin
    if (dots_stage_go) begin
      dots_stage_0_sum <= dots_0_sum;
      dots_stage_0_carry <= dots_0_carry;
      dots_stage_1_sum <= dots_1_sum;
      dots_stage_1_carry <= dots_1_carry;
      dots_stage_last <= dots_last;
    end
  end
  wire unused_bits = &{1'b0, total_0[9:8], total_1[9:8]};
endmodule

// ---- my_convolution_requantize.v
// Design my_convolution, text <hash>, written by ternlet <version>
// y = clamp(round((acc * multiplier + bias) / 2^5), 0, 15) per row; rows = 4, lanes = 1; rounding half_up
module my_convolution_requantize (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire acc_valid,
  input  wire signed [7:0] acc_payload,
  input  wire acc_last,
  input  wire y_ready,
  output wire acc_ready,
  output wire y_valid,
  output wire [3:0] y_payload,
  output wire y_last
);

  // ---- driven further down
  reg acc_valid_q1;
  wire acc_go;
  wire [3:0] y;
  reg acc_last_q1;

  // ---- y
  reg y_stage_valid;
  wire y_stage_go = ~y_stage_valid | y_ready;
  reg [3:0] y_stage;
  reg y_stage_last;
  assign acc_ready = acc_go;
  assign y_valid = y_stage_valid;
  assign y_payload = y_stage;
  assign y_last = y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= acc_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage <= y;
      y_stage_last <= acc_last_q1;
    end
  end

  // ---- acc
  assign acc_go = ~acc_valid_q1 | y_stage_go;
  wire signed [11:0] product = $signed({{4{acc_payload[7]}}, acc_payload}) * 12'sd13; // -1664..=1651
  wire signed [11:0] biased = product; // -1664..=1651
  wire signed [11:0] biased_plus_16 = biased + 12'd16; // -1648..=1667
  reg signed [6:0] biased_plus_16_shifted_q; // -52..=52
  assign y = (biased_plus_16_shifted_q < 7'sd0) ? 4'd0 : (7'sd15 < biased_plus_16_shifted_q) ? 4'd15 : biased_plus_16_shifted_q[3:0];
  always @(posedge clk) begin
    if (rst) begin
      acc_valid_q1 <= 1'b0;
    end else if (acc_go) begin
      acc_valid_q1 <= acc_valid;
    end
  end
  always @(posedge clk) begin
    if (acc_go) begin
      acc_last_q1 <= acc_last;
      biased_plus_16_shifted_q <= biased_plus_16[11:5];
    end
  end
  wire unused_bits = &{1'b0, biased_plus_16[4:0]};
endmodule

// ---- my_convolution_adder_with_carry.v
// Design my_convolution, text <hash>, written by ternlet <version>
// sum = a + b + carry_in; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_convolution_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = (a + b) + carry_in;
endmodule
