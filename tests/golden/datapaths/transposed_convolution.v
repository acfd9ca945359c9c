// ---- my_transposed_convolution.v
// Design my_transposed_convolution, text <hash>, written by ternlet <version>
// transposed convolution of maps [3, 4] x 3 (u4), 1 a beat, with 2 filters in 1 groups: each position becomes [2, 2]; weights in -1, 0, +1 (in memory), 1 columns and 2 rows at once; requantized
module my_transposed_convolution (
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
  wire replayed_frame_place_is_2;
  wire replay_ready;
  wire [3:0] weights_address;
  wire replayed_ready;
  wire y_stage_go;

  // ---- replay
  wire [3:0] replay_0_replayed_payload;
  wire replay_0_replayed_valid;
  wire replay_1_x_ready;
  wire [3:0] replay_1_replayed_payload;
  wire replay_1_replayed_valid;
  wire replay_1_replayed_last;
  my_transposed_convolution_replay replay_0 (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .replayed_ready(replay_1_x_ready), .replayed_valid(replay_0_replayed_valid),
    .replayed_payload(replay_0_replayed_payload)
  );
  my_transposed_convolution_replay_1 replay_1 (
    .clk(clk), .rst(rst),
    .x_valid(replay_0_replayed_valid), .x_payload(replay_0_replayed_payload), .x_last(replayed_frame_place_is_2),
    .x_ready(replay_1_x_ready),
    .replayed_ready(replay_ready), .replayed_valid(replay_1_replayed_valid),
    .replayed_payload(replay_1_replayed_payload), .replayed_last(replay_1_replayed_last)
  );

  // ---- replayed
  reg [1:0] replayed_frame_place; // 0..=2
  assign replayed_frame_place_is_2 = replayed_frame_place == 2'd2;
  wire [1:0] replayed_frame_place_plus_1 = replayed_frame_place + 2'd1; // 1..=3
  wire [1:0] replayed_frame_place_next = replayed_frame_place_is_2 ? 2'd0 : replayed_frame_place_plus_1; // 0..=2
  reg replayed_valid_q3;
  reg replayed_stage_valid;
  wire replayed_stage_go = ~replayed_stage_valid | replayed_ready;
  wire replayed_go = ~replayed_valid_q3 | replayed_stage_go;
  reg replayed_head;
  assign replay_ready = replayed_go & ~replayed_head;
  wire [3:0] replayed_head_choice = replayed_head ? 4'd0 : replay_1_replayed_payload;
  reg [7:0] weights_word;
  wire [6:0] _81_at_most_weights_word_choice = (8'd81 <= weights_word) ? 7'd81 : 7'd0; // 0..=81
  wire [7:0] _162_at_most_weights_word_choice = (8'd162 <= weights_word) ? 8'd162 : {1'b0, _81_at_most_weights_word_choice}; // 0..=162
  wire signed [8:0] replayed_difference = {1'b0, weights_word} - {1'b0, _162_at_most_weights_word_choice}; // -162..=255
  wire [4:0] replayed_choice = (7'd27 <= replayed_difference[6:0]) ? 5'd27 : 5'd0; // 0..=27
  reg replayed_held;
  reg [4:0] replayed_held_1; // 0..=27
  wire [5:0] replayed_choice_1 = replayed_held ? 6'd54 : {1'b0, replayed_held_1}; // 0..=54
  reg [6:0] replayed_held_2;
  wire signed [7:0] replayed_difference_1 = {1'b0, replayed_held_2} - {2'd0, replayed_choice_1}; // -54..=127
  wire [3:0] replayed_choice_2 = (5'd9 <= replayed_difference_1[4:0]) ? 4'd9 : 4'd0; // 0..=9
  wire [4:0] replayed_choice_3 = (5'd18 <= replayed_difference_1[4:0]) ? 5'd18 : {1'b0, replayed_choice_2}; // 0..=18
  wire signed [5:0] replayed_difference_2 = {1'b0, replayed_difference_1[4:0]} - {1'b0, replayed_choice_3}; // -18..=31
  reg replayed_stage_steps_1_nonzero_next;
  wire [1:0] replayed_choice_4 = replayed_stage_steps_1_nonzero_next ? 2'd3 : 2'd0;
  reg replayed_stage_steps_1_negative_next;
  wire [2:0] replayed_choice_5 = replayed_stage_steps_1_negative_next ? 3'd6 : {1'b0, replayed_choice_4}; // 0..=6
  reg [3:0] replayed_held_3;
  wire signed [4:0] replayed_difference_3 = {1'b0, replayed_held_3} - {2'd0, replayed_choice_5}; // -6..=15
  reg replayed_valid_q1;
  reg replayed_valid_q2;
  reg replayed_last_q1;
  reg replayed_last_q2;
  reg replayed_last_q3;
  reg [3:0] replayed_head_choice_q;
  reg [3:0] replayed_held_4;
  reg [3:0] replayed_stage_x_next;
  reg [3:0] replayed_stage_x;
  reg replayed_stage_steps_0_nonzero;
  reg replayed_stage_steps_0_negative;
  reg replayed_stage_steps_1_nonzero;
  reg replayed_stage_steps_1_negative;
  reg replayed_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      replayed_frame_place <= 2'd0;
    end else if (replay_0_replayed_valid & replay_1_x_ready) begin
      replayed_frame_place <= replayed_frame_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replayed_head <= 1'b1;
    end else if (replay_1_replayed_valid & replayed_go) begin
      replayed_head <= ~replayed_head & replay_1_replayed_last;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replayed_valid_q1 <= 1'b0;
      replayed_valid_q2 <= 1'b0;
      replayed_valid_q3 <= 1'b0;
    end else if (replayed_go) begin
      replayed_valid_q1 <= replay_1_replayed_valid;
      replayed_valid_q2 <= replayed_valid_q1;
      replayed_valid_q3 <= replayed_valid_q2;
    end
  end
  always @(posedge clk) begin
    if (replayed_go) begin
      replayed_last_q1 <= replay_1_replayed_last & ~replayed_head;
      replayed_last_q2 <= replayed_last_q1;
      replayed_last_q3 <= replayed_last_q2;
      replayed_held <= 7'd54 <= replayed_difference[6:0];
      replayed_held_1 <= replayed_choice;
      replayed_held_2 <= replayed_difference[6:0];
      replayed_stage_steps_1_nonzero_next <= 4'd3 <= replayed_difference_2[3:0];
      replayed_stage_steps_1_negative_next <= 4'd6 <= replayed_difference_2[3:0];
      replayed_held_3 <= replayed_difference_2[3:0];
      replayed_head_choice_q <= replayed_head_choice;
      replayed_held_4 <= replayed_head_choice_q;
      replayed_stage_x_next <= replayed_held_4;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replayed_stage_valid <= 1'b0;
    end else if (replayed_stage_go) begin
      replayed_stage_valid <= replayed_valid_q3;
    end
  end
  always @(posedge clk) begin
    if (replayed_stage_go) begin
      replayed_stage_x <= replayed_stage_x_next;
      replayed_stage_steps_0_nonzero <= 4'd1 <= replayed_difference_3[3:0];
      replayed_stage_steps_0_negative <= 4'd2 <= replayed_difference_3[3:0];
      replayed_stage_steps_1_nonzero <= replayed_stage_steps_1_nonzero_next;
      replayed_stage_steps_1_negative <= replayed_stage_steps_1_negative_next;
      replayed_stage_last <= replayed_last_q3;
    end
  end
  (* no_rw_check *) reg [7:0] weights [0:15];
  initial begin
    weights[0] = 8'd0; weights[1] = 8'd2; weights[2] = 8'd3; weights[3] = 8'd2; weights[4] = 8'd6; weights[5] = 8'd6; weights[6] = 8'd5; weights[7] = 8'd5;
    weights[8] = 8'd2; weights[9] = 8'd5; weights[10] = 8'd4; weights[11] = 8'd0; weights[12] = 8'd0; weights[13] = 8'd2; weights[14] = 8'd1; weights[15] = 8'd5;
  end
  always @(posedge clk) begin
    if (replayed_go) begin
      weights_word <= weights[weights_address];
    end
  end

  // ---- step
  reg step_0;
  reg [1:0] step_1;
  reg [2:0] step_2;
  wire step_2_is_7 = step_2 == 3'd7;
  wire [3:0] step_2_plus_1 = {1'b0, step_2} + 4'd1; // 1..=8
  wire [2:0] step_2_next = step_2_is_7 ? 3'd0 : step_2_plus_1[2:0];
  wire step_1_is_3 = step_1 == 2'd3;
  wire [2:0] step_1_plus_1 = {1'b0, step_1} + 3'd1; // 1..=4
  wire [1:0] step_1_is_3_choice = step_1_is_3 ? 2'd0 : step_1_plus_1[1:0];
  wire [1:0] step_1_next = step_2_is_7 ? step_1_is_3_choice : step_1;
  wire step_0_next = (step_2_is_7 & step_1_is_3) ? ~(step_0 == 1'b1) : step_0;
  assign weights_address = {1'b0, step_2} + {step_0, 3'd0};
  wire step_0_enable = replay_1_replayed_valid & replayed_go;
  always @(posedge clk) begin
    if (rst) begin
      step_0 <= 1'b0;
      step_1 <= 2'd0;
      step_2 <= 3'd0;
    end else if (step_0_enable) begin
      step_0 <= step_0_next;
      step_1 <= step_1_next;
      step_2 <= step_2_next;
    end
  end

  // ---- my_transposed_convolution
  reg rows_valid;
  reg rows_stale;
  assign replayed_ready = ~rows_valid & ~rows_stale;
  wire both = replayed_stage_valid & replayed_ready;
  wire clear = rows_stale | (rows_valid & y_stage_go);
  wire signed [4:0] activation = {1'b0, replayed_stage_x};
  reg signed [5:0] sum_0;
  wire signed [6:0] sum_0_plus_activation = {sum_0[5], sum_0} + {{2{activation[4]}}, activation}; // -48..=46
  wire signed [5:0] sum_0_next = clear ? 6'd0 : (sum_0_plus_activation[5:0] ^ {6{replayed_stage_steps_0_negative}});
  reg signed [5:0] sum_1;
  wire signed [6:0] sum_1_plus_activation = {sum_1[5], sum_1} + {{2{activation[4]}}, activation}; // -48..=46
  wire signed [5:0] sum_1_next = clear ? 6'd0 : (sum_1_plus_activation[5:0] ^ {6{replayed_stage_steps_1_negative}});
  always @(posedge clk) begin
    if (rst) begin
      rows_valid <= 1'b0;
      rows_stale <= 1'b1;
    end else begin
      rows_valid <= (both & replayed_stage_last) | (rows_valid & ~y_stage_go);
      rows_stale <= 1'b0;
    end
  end
  always @(posedge clk) begin
    if (clear | (both & replayed_stage_steps_0_nonzero)) begin
      sum_0 <= sum_0_next;
    end
  end
  always @(posedge clk) begin
    if (clear | (both & replayed_stage_steps_1_nonzero)) begin
      sum_1 <= sum_1_next;
    end
  end

  // ---- rows
  reg [5:0] rows_frame_place; // 0..=47
  wire rows_frame_place_is_47 = rows_frame_place == 6'd47;
  wire [5:0] rows_frame_place_plus_1 = rows_frame_place + 6'd1; // 1..=48
  wire [5:0] rows_frame_place_next = rows_frame_place_is_47 ? 6'd0 : rows_frame_place_plus_1; // 0..=47
  always @(posedge clk) begin
    if (rst) begin
      rows_frame_place <= 6'd0;
    end else if (rows_valid & y_stage_go) begin
      rows_frame_place <= rows_frame_place_next;
    end
  end

  // ---- y
  reg y_stage_valid;
  wire requantize_acc_ready;
  reg y_lane_place;
  wire y_lane_place_is_1 = y_lane_place == 1'b1;
  wire y_ready_1 = requantize_acc_ready & y_lane_place_is_1;
  assign y_stage_go = ~y_stage_valid | y_ready_1;
  reg signed [5:0] y_stage_0;
  reg signed [5:0] y_stage_1;
  reg y_stage_last;
  wire signed [5:0] requantize_acc_payload = y_lane_place ? y_stage_1 : y_stage_0;
  my_transposed_convolution_requantize requantize (
    .clk(clk), .rst(rst),
    .acc_valid(y_stage_valid), .acc_payload(requantize_acc_payload), .acc_last(y_stage_last & y_lane_place_is_1),
    .acc_ready(requantize_acc_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(y_payload), .y_last(y_last)
  );
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= rows_valid;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= sum_0;
      y_stage_1 <= sum_1;
      y_stage_last <= rows_frame_place_is_47;
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
    if ((~rst && ~replayed_frame_place_is_2) && (2'd2 < replayed_frame_place_plus_1)) begin
      $display("%m: replayed_frame_place_plus_1 is assumed to be 1..=2 (src/datapath/convolution/unfolding.rs), not %0d", replayed_frame_place_plus_1);
      $finish;
    end
    if ((~rst && ~step_2_is_7) && (4'd7 < step_2_plus_1)) begin
      $display("%m: step_2_plus_1 is assumed to be 1..=7 (src/blocks/walk.rs), not %0d", step_2_plus_1);
      $finish;
    end
    if ((~rst && ~step_1_is_3) && (3'd3 < step_1_plus_1)) begin
      $display("%m: step_1_plus_1 is assumed to be 1..=3 (src/blocks/walk.rs), not %0d", step_1_plus_1);
      $finish;
    end
    if ((~rst && ~rows_frame_place_is_47) && (6'd47 < rows_frame_place_plus_1)) begin
      $display("%m: rows_frame_place_plus_1 is assumed to be 1..=47 (src/datapath/convolution/outgoing.rs), not %0d", rows_frame_place_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [5:0] x_beat; // of the 36 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 6'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 6'd35)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 35 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 6'd0 : (x_beat + 6'd1);
    end
  end
`endif
  wire unused_bits = &{1'b0, replayed_difference[8:7], replayed_difference_1[7:5], replayed_difference_2[5:4], replayed_difference_3[4],
      sum_0_plus_activation[6], sum_1_plus_activation[6]};
endmodule

// ---- my_transposed_convolution_replay.v
// Design my_transposed_convolution, text <hash>, written by ternlet <version>
// rows and planes, each for every one that it becomes; the next are taken meanwhile
module my_transposed_convolution_replay (
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
  reg [3:0] replay_fill_place; // 0..=11
  wire replay_fill_place_enable = x_valid & x_ready;
  wire replay_fill_place_is_11 = replay_fill_place == 4'd11;
  wire replay_both = replay_fill_place_enable & replay_fill_place_is_11;
  wire [3:0] replay_fill_place_plus_1 = replay_fill_place + 4'd1; // 1..=12
  wire [3:0] replay_fill_place_next = replay_fill_place_is_11 ? 4'd0 : replay_fill_place_plus_1; // 0..=11
  reg replay_bank;
  reg replay_pass;
  reg [3:0] replay_place; // 0..=11
  wire replay_place_is_11 = replay_place == 4'd11;
  wire [3:0] replay_place_plus_1 = replay_place + 4'd1; // 1..=12
  wire [3:0] replay_place_next = replay_place_is_11 ? 4'd0 : replay_place_plus_1; // 0..=11
  wire replay_pass_is_1 = replay_pass == 1'b1;
  wire replay_pass_next = replay_place_is_11 ? ~replay_pass_is_1 : replay_pass;
  wire replay_valid_q1_next = replay_bank ? replay_full_1 : replay_full_0;
  reg replay_valid_q1;
  wire replay_go = ~replay_valid_q1 | replayed_ready;
  wire replay_pass_enable = replay_valid_q1_next & replay_go;
  wire replay_done = replay_pass_enable & (replay_place_is_11 & replay_pass_is_1);
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
      replay_fill_place <= 4'd0;
    end else if (replay_fill_place_enable) begin
      replay_fill_place <= replay_fill_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_pass <= 1'b0;
      replay_place <= 4'd0;
    end else if (replay_pass_enable) begin
      replay_pass <= replay_pass_next;
      replay_place <= replay_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_valid_q1 <= 1'b0;
    end else if (replay_go) begin
      replay_valid_q1 <= replay_valid_q1_next;
    end
  end
  (* no_rw_check *) reg [3:0] replay_frames [0:31];
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

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~replay_fill_place_is_11) && (4'd11 < replay_fill_place_plus_1)) begin
      $display("%m: replay_fill_place_plus_1 is assumed to be 1..=11 (src/blocks/replay.rs), not %0d", replay_fill_place_plus_1);
      $finish;
    end
    if ((~rst && ~replay_place_is_11) && (4'd11 < replay_place_plus_1)) begin
      $display("%m: replay_place_plus_1 is assumed to be 1..=11 (src/blocks/walk.rs), not %0d", replay_place_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_transposed_convolution_replay_1.v
// Design my_transposed_convolution, text <hash>, written by ternlet <version>
// each frame of 3 beats 2 times; the next one is taken meanwhile
module my_transposed_convolution_replay_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [3:0] x_payload,
  input  wire x_last,
  input  wire replayed_ready,
  output wire x_ready,
  output wire replayed_valid,
  output reg  [3:0] replayed_payload,
  output wire replayed_last
);
  reg replay_fill_bank;
  reg replay_full_1;
  reg replay_full_0;
  wire replay_ready = replay_fill_bank ? ~replay_full_1 : ~replay_full_0;
  reg [1:0] replay_fill_place; // 0..=2
  wire replay_fill_place_enable = x_valid & replay_ready;
  wire replay_fill_place_is_2 = replay_fill_place == 2'd2;
  wire replay_both = replay_fill_place_enable & x_last;
  wire [1:0] replay_fill_place_plus_1 = replay_fill_place + 2'd1; // 1..=3
  wire [1:0] replay_fill_place_next = replay_fill_place_is_2 ? 2'd0 : replay_fill_place_plus_1; // 0..=2
  reg replay_bank;
  reg replay_pass;
  reg [1:0] replay_place; // 0..=2
  wire replay_place_is_2 = replay_place == 2'd2;
  wire [1:0] replay_place_plus_1 = replay_place + 2'd1; // 1..=3
  wire [1:0] replay_place_next = replay_place_is_2 ? 2'd0 : replay_place_plus_1; // 0..=2
  wire replay_pass_is_1 = replay_pass == 1'b1;
  wire replay_pass_next = replay_place_is_2 ? ~replay_pass_is_1 : replay_pass;
  wire replay_valid_q1_next = replay_bank ? replay_full_1 : replay_full_0;
  reg replay_valid_q1;
  wire replay_go = ~replay_valid_q1 | replayed_ready;
  wire replay_pass_enable = replay_valid_q1_next & replay_go;
  wire replay_done = replay_pass_enable & (replay_place_is_2 & replay_pass_is_1);
  wire replay_full_0_next = (replay_both & ~replay_fill_bank) | (replay_full_0 & ~(replay_done & ~replay_bank));
  wire replay_full_1_next = (replay_both & replay_fill_bank) | (replay_full_1 & ~(replay_done & replay_bank));
  reg replay_last_q1;
  assign x_ready = replay_ready;
  assign replayed_valid = replay_valid_q1;
  assign replayed_last = replay_last_q1;
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
      replay_fill_place <= 2'd0;
    end else if (replay_fill_place_enable) begin
      replay_fill_place <= replay_fill_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      replay_pass <= 1'b0;
      replay_place <= 2'd0;
    end else if (replay_pass_enable) begin
      replay_pass <= replay_pass_next;
      replay_place <= replay_place_next;
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
      replay_last_q1 <= replay_place == 2'd2;
    end
  end
  (* no_rw_check *) reg [3:0] replay_frames [0:7];
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

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~replay_fill_place_is_2) && (2'd2 < replay_fill_place_plus_1)) begin
      $display("%m: replay_fill_place_plus_1 is assumed to be 1..=2 (src/blocks/replay.rs), not %0d", replay_fill_place_plus_1);
      $finish;
    end
    if ((~rst && ~replay_place_is_2) && (2'd2 < replay_place_plus_1)) begin
      $display("%m: replay_place_plus_1 is assumed to be 1..=2 (src/blocks/walk.rs), not %0d", replay_place_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_transposed_convolution_requantize.v
// Design my_transposed_convolution, text <hash>, written by ternlet <version>
// y = clamp(round((acc * multiplier + bias) / 2^3), 0, 15) per row; rows = 2, lanes = 1; rounding half_up
module my_transposed_convolution_requantize (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire acc_valid,
  input  wire signed [5:0] acc_payload,
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
  wire signed [10:0] acc_sum; // -544..=527
  my_transposed_convolution_adder #(.WIDTH(11)) acc_sum_adder (
    .a({{5{acc_payload[5]}}, acc_payload}), .b({acc_payload[5], acc_payload, 4'd0}), .sum(acc_sum)
  );
  wire signed [10:0] product = acc_sum - {{3{acc_payload[5]}}, acc_payload, 2'd0}; // -668..=655
  wire signed [10:0] biased = product; // -668..=655
  wire signed [10:0] biased_plus_4 = biased + 11'd4; // -664..=659
  reg signed [7:0] biased_plus_4_shifted_q; // -83..=82
  assign y = (biased_plus_4_shifted_q < 8'sd0) ? 4'd0 : (8'sd15 < biased_plus_4_shifted_q) ? 4'd15 : biased_plus_4_shifted_q[3:0];
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
      biased_plus_4_shifted_q <= biased_plus_4[10:3];
    end
  end
  wire unused_bits = &{1'b0, biased_plus_4[2:0]};
endmodule

// ---- my_transposed_convolution_adder.v
// Design my_transposed_convolution, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_transposed_convolution_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule
