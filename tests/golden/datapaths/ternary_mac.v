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
  wire [23:0] replay_replayed_payload;
  wire replay_replayed_valid;
  wire weights_memory_x_ready;
  wire replay_replayed_last;
  wire [35:0] weights_memory_weighted_payload;
  wire y_stage_go;

  // ---- x
  wire accumulators_dots_ready;
  wire weights_memory_weighted_valid;
  wire weights_memory_weighted_last;
  my_ternary_mac_weights_memory weights_memory (
    .clk(clk), .rst(rst),
    .x_valid(replay_replayed_valid), .x_payload(replay_replayed_payload), .x_last(replay_replayed_last),
    .x_ready(weights_memory_x_ready),
    .weighted_ready(accumulators_dots_ready), .weighted_valid(weights_memory_weighted_valid),
    .weighted_payload(weights_memory_weighted_payload), .weighted_last(weights_memory_weighted_last)
  );

  // ---- replay
  my_ternary_mac_replay replay (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_last(x_last), .x_ready(x_ready),
    .replayed_ready(weights_memory_x_ready), .replayed_valid(replay_replayed_valid),
    .replayed_payload(replay_replayed_payload), .replayed_last(replay_replayed_last)
  );

  // ---- my_ternary_mac
  wire signed [9:0] row_dot_0_sum; // -384..=383
  wire signed [9:0] row_dot_1_sum; // -384..=383
  my_ternary_mac_row_dot row_dot_0 (
    .x(weights_memory_weighted_payload[23:0]), .w(weights_memory_weighted_payload[29:24]), .sum(row_dot_0_sum)
  );
  my_ternary_mac_row_dot row_dot_1 (
    .x(weights_memory_weighted_payload[23:0]), .w(weights_memory_weighted_payload[35:30]), .sum(row_dot_1_sum)
  );

  // ---- accumulator
  wire accumulators_sums_valid;
  wire [21:0] accumulators_sums_payload;
  my_ternary_mac_accumulators accumulators (
    .clk(clk), .rst(rst),
    .dots_valid(weights_memory_weighted_valid),
    .dots_payload({weights_memory_weighted_payload[35], row_dot_1_sum, weights_memory_weighted_payload[29], row_dot_0_sum}),
    .dots_last(weights_memory_weighted_last), .dots_ready(accumulators_dots_ready),
    .sums_ready(y_stage_go), .sums_valid(accumulators_sums_valid), .sums_payload(accumulators_sums_payload)
  );

  // ---- sums
  reg sums_frame_place;
  wire sums_frame_place_is_1 = sums_frame_place == 1'b1;
  always @(posedge clk) begin
    if (rst) begin
      sums_frame_place <= 1'b0;
    end else if (accumulators_sums_valid & y_stage_go) begin
      sums_frame_place <= ~sums_frame_place_is_1;
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
      y_stage_valid <= accumulators_sums_valid;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= accumulators_sums_payload[10:0];
      y_stage_1 <= accumulators_sums_payload[21:11];
      y_stage_last <= sums_frame_place_is_1;
    end
  end

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg x_beat; // of the 2 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 1'b0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 1'b1)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 1 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 1'b0 : (x_beat + 1'b1);
    end
  end
`endif
endmodule

// ---- my_ternary_mac_replay.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// each frame of 2 beats 2 times; the next one is taken meanwhile
module my_ternary_mac_replay (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [23:0] x_payload, // [8*i +: 8] x i, i = 0..2, signed
  input  wire x_last,
  input  wire replayed_ready,
  output wire x_ready,
  output wire replayed_valid,
  output wire [23:0] replayed_payload, // [8*i +: 8] replayed i, i = 0..2, signed
  output wire replayed_last
);

  // ---- x
  wire signed [7:0] x_0 = x_payload[7:0];
  wire signed [7:0] x_1 = x_payload[15:8];
  wire signed [7:0] x_2 = x_payload[23:16];

  // ---- replay
  reg replay_fill_bank;
  reg replay_full_1;
  reg replay_full_0;
  assign x_ready = replay_fill_bank ? ~replay_full_1 : ~replay_full_0;
  reg replay_fill_place;
  wire replay_fill_place_enable = x_valid & x_ready;
  wire replay_both = replay_fill_place_enable & x_last;
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
  reg [23:0] replay_frames_word;
  reg replay_last_q1;
  assign replayed_payload = replay_frames_word;
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
      replay_fill_place <= 1'b0;
    end else if (replay_fill_place_enable) begin
      replay_fill_place <= ~(replay_fill_place == 1'b1);
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
  always @(posedge clk) begin
    if (replay_go) begin
      replay_last_q1 <= replay_place == 1'b1;
    end
  end
  (* no_rw_check *) reg [23:0] replay_frames [0:3];
  always @(posedge clk) begin
    if (replay_fill_place_enable) begin
      replay_frames[{replay_fill_bank, replay_fill_place}] <= {x_2, x_1, x_0};
    end
  end
  always @(posedge clk) begin
    if (replay_go) begin
      replay_frames_word <= replay_frames[{replay_bank, replay_place}];
    end
  end
endmodule

// ---- my_ternary_mac_weights_memory.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// activations, each beat next to the word of its weights
module my_ternary_mac_weights_memory (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [23:0] x_payload, // [8*i +: 8] x i, i = 0..2, signed
  input  wire x_last,
  input  wire weighted_ready,
  output wire x_ready,
  output wire weighted_valid,
  output wire [35:0] weighted_payload, // [8*i +: 8] weighted_x i, i = 0..2, signed; [35:24] weighted_word
  output wire weighted_last
);

  // ---- driven further down
  wire x_go;
  reg [11:0] weights_word;
  reg [1:0] step;

  // ---- replay
  wire signed [7:0] x_0 = x_payload[7:0];
  wire signed [7:0] x_1 = x_payload[15:8];
  wire signed [7:0] x_2 = x_payload[23:16];
  reg signed [7:0] weighted_x_0;
  reg signed [7:0] weighted_x_1;
  reg signed [7:0] weighted_x_2;
  assign weighted_payload = {weights_word, weighted_x_2, weighted_x_1, weighted_x_0};
  assign x_ready = x_go;
  always @(posedge clk) begin
    if (x_go) begin
      weighted_x_0 <= x_0;
      weighted_x_1 <= x_1;
      weighted_x_2 <= x_2;
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
  (* no_rw_check *) reg [11:0] weights [0:3];
  initial begin
    weights[0] = 12'd1073; weights[1] = 12'd1473; weights[2] = 12'd343; weights[3] = 12'd976;
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

// ---- my_ternary_mac_row_dot.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// sum + carry: a row's products of one beat, summed up
module my_ternary_mac_row_dot (
  input  wire [23:0] x, // [8*i +: 8] x i, i = 0..2, signed
  input  wire [5:0] w, // [0] w_0_nonzero; [1] w_0_negative; [2] w_1_nonzero; [3] w_1_negative; [4] w_2_nonzero; [5] w_2_negative
  output wire signed [9:0] sum // -384..=383
);

  // ---- replay
  wire signed [7:0] x_0 = x[7:0];
  wire signed [7:0] x_1 = x[15:8];
  wire signed [7:0] x_2 = x[23:16];

  // ---- weighted
  wire w_0_nonzero = w[0];
  wire w_0_negative = w[1];
  wire w_1_nonzero = w[2];
  wire w_1_negative = w[3];
  wire w_2_nonzero = w[4];
  wire w_2_negative = w[5];

  // ---- row_dot
  wire signed [7:0] number = (x_0 ^ {8{w_0_negative}}) & {8{w_0_nonzero}};
  wire signed [7:0] number_1 = (x_1 ^ {8{w_1_negative}}) & {8{w_1_nonzero}};
  wire signed [7:0] number_2 = (x_2 ^ {8{w_2_negative}}) & {8{w_2_nonzero}};
  wire signed [8:0] sum_0_to_1;
  my_ternary_mac_adder_with_carry #(.WIDTH(9)) sum_0_to_1_adder (
    .a({number[7], number}), .b({number_1[7], number_1}), .carry_in(w_0_negative), .sum(sum_0_to_1)
  );
  my_ternary_mac_adder_with_carry #(.WIDTH(10)) sum_adder (
    .a({sum_0_to_1[8], sum_0_to_1}), .b({{2{number_2[7]}}, number_2}), .carry_in(w_1_negative), .sum(sum)
  );
endmodule

// ---- my_ternary_mac_accumulators.v
// Design my_ternary_mac, text <hash>, written by ternlet <version>
// the sum of the dots of 2 beats, for each row
module my_ternary_mac_accumulators (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire dots_valid,
  input  wire [21:0] dots_payload, // [9:0] dots_0_sum, -384..=383; [10] dots_0_carry; [20:11] dots_1_sum, -384..=383; [21] dots_1_carry
  input  wire dots_last,
  input  wire sums_ready,
  output wire dots_ready,
  output wire sums_valid,
  output wire [21:0] sums_payload // [11*i +: 11] sums i, i = 0..1, signed
);

  // ---- driven further down
  reg dots_stage_valid;
  wire dots_stage_go;
  reg signed [9:0] dots_stage_0_sum; // -384..=383
  reg dots_stage_0_carry;
  reg signed [9:0] dots_stage_1_sum; // -384..=383
  reg dots_stage_1_carry;
  reg dots_stage_last;

  // ---- x
  assign dots_ready = dots_stage_go;

  // ---- accumulators
  wire signed [9:0] dots_0_sum = dots_payload[9:0]; // -384..=383
  wire signed [9:0] dots_1_sum = dots_payload[20:11]; // -384..=383

  // ---- weighted
  wire dots_0_carry = dots_payload[10];
  wire dots_1_carry = dots_payload[21];

  // ---- accumulator
  reg accumulator_valid;
  wire dots_ready_1 = ~accumulator_valid | sums_ready;
  reg accumulator_start;
  reg signed [10:0] accumulator_0;
  reg signed [10:0] accumulator_1;
  wire signed [10:0] accumulator_before_0 = accumulator_start ? 11'd0 : accumulator_0;
  wire signed [10:0] accumulator_before_1 = accumulator_start ? 11'd0 : accumulator_1;
  wire accumulator_start_enable = dots_stage_valid & dots_ready_1;
  wire signed [11:0] total_0; // -1408..=1407
  my_ternary_mac_adder_with_carry #(.WIDTH(12)) total_0_adder (
    .a({accumulator_before_0[10], accumulator_before_0}), .b({{2{dots_stage_0_sum[9]}}, dots_stage_0_sum}),
    .carry_in(dots_stage_0_carry), .sum(total_0)
  );
  wire signed [11:0] total_1; // -1408..=1407
  my_ternary_mac_adder_with_carry #(.WIDTH(12)) total_1_adder (
    .a({accumulator_before_1[10], accumulator_before_1}), .b({{2{dots_stage_1_sum[9]}}, dots_stage_1_sum}),
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
      accumulator_0 <= total_0[10:0];
      accumulator_1 <= total_1[10:0];
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
  wire unused_bits = &{1'b0, total_0[11], total_1[11]};
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
