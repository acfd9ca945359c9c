// ---- my_sr_ste_update.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// w_next = w - 1/2^4 (g / 2^2 + 13/2^16 (1 - mask) w), mask the 2:4 largest |w|, and sad, the changes of the mask; 16 weights (s16) and gradients (s16), 4 a beat; rounding half_even
module my_sr_ste_update (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire w_valid,
  input  wire [63:0] w_payload, // [16*i +: 16] w i, i = 0..3, signed
  input  wire w_last,
  input  wire g_valid,
  input  wire [63:0] g_payload, // [16*i +: 16] g i, i = 0..3, signed
  input  wire g_last,
  input  wire w_next_ready,
  input  wire sad_ready,
  output wire w_ready,
  output wire g_ready,
  output wire w_next_valid,
  output wire [63:0] w_next_payload, // [16*i +: 16] w_next i, i = 0..3, signed
  output wire w_next_last,
  output reg  sad_valid,
  output wire [4:0] sad_payload // sad
);

  // ---- driven further down
  wire w_g_changed_stage_go;
  wire w_g_changed_ready;

  // ---- w_g
  reg w_g_valid_q8;
  reg w_g_w_next_done;
  wire w_g_w_next_served = w_g_w_next_done | w_next_ready;
  reg w_g_changed_done;
  wire w_g_changed_served = w_g_changed_done | w_g_changed_stage_go;
  wire w_g_ready = w_g_w_next_served & w_g_changed_served;
  wire w_g_go = ~w_g_valid_q8 | w_g_ready;
  assign w_ready = w_g_go & g_valid;
  assign g_ready = w_g_go & w_valid;
  wire w_g_valid = w_valid & g_valid;
  reg w_g_valid_q1;
  reg w_g_valid_q2;
  reg w_g_valid_q3;
  reg w_g_valid_q4;
  reg w_g_valid_q5;
  reg w_g_valid_q6;
  reg w_g_valid_q7;
  reg w_g_last_q1;
  reg w_g_last_q2;
  reg w_g_last_q3;
  reg w_g_last_q4;
  reg w_g_last_q5;
  reg w_g_last_q6;
  reg w_g_last_q7;
  reg w_g_last_q8;
  assign w_next_valid = w_g_valid_q8 & ~w_g_w_next_done;
  assign w_next_last = w_g_last_q8;
  always @(posedge clk) begin
    if (rst) begin
      w_g_valid_q1 <= 1'b0;
      w_g_valid_q2 <= 1'b0;
      w_g_valid_q3 <= 1'b0;
      w_g_valid_q4 <= 1'b0;
      w_g_valid_q5 <= 1'b0;
      w_g_valid_q6 <= 1'b0;
      w_g_valid_q7 <= 1'b0;
      w_g_valid_q8 <= 1'b0;
    end else if (w_g_go) begin
      w_g_valid_q1 <= w_g_valid;
      w_g_valid_q2 <= w_g_valid_q1;
      w_g_valid_q3 <= w_g_valid_q2;
      w_g_valid_q4 <= w_g_valid_q3;
      w_g_valid_q5 <= w_g_valid_q4;
      w_g_valid_q6 <= w_g_valid_q5;
      w_g_valid_q7 <= w_g_valid_q6;
      w_g_valid_q8 <= w_g_valid_q7;
    end
  end
  always @(posedge clk) begin
    if (w_g_go) begin
      w_g_last_q1 <= w_last;
      w_g_last_q2 <= w_g_last_q1;
      w_g_last_q3 <= w_g_last_q2;
      w_g_last_q4 <= w_g_last_q3;
      w_g_last_q5 <= w_g_last_q4;
      w_g_last_q6 <= w_g_last_q5;
      w_g_last_q7 <= w_g_last_q6;
      w_g_last_q8 <= w_g_last_q7;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      w_g_w_next_done <= 1'b0;
      w_g_changed_done <= 1'b0;
    end else if (w_g_valid_q8) begin
      w_g_w_next_done <= ~w_g_ready & w_g_w_next_served;
      w_g_changed_done <= ~w_g_ready & w_g_changed_served;
    end
  end

  // ---- my_sr_ste_update
  wire [63:0] group_update_w_next;
  wire [3:0] group_update_changed;
  reg signed [15:0] w_next_q;
  reg signed [15:0] w_next_q2;
  reg signed [15:0] w_next_q3;
  reg signed [15:0] w_next_q_1;
  reg signed [15:0] w_next_q2_1;
  reg signed [15:0] w_next_q3_1;
  reg signed [15:0] w_next_q_2;
  reg signed [15:0] w_next_q2_2;
  reg signed [15:0] w_next_q3_2;
  reg signed [15:0] w_next_q_3;
  reg signed [15:0] w_next_q2_3;
  reg signed [15:0] w_next_q3_3;
  my_sr_ste_update_group_update group_update (
    .clk(clk), .rst(rst),
    .w(w_payload), .g(g_payload), .w_g_go(w_g_go), .w_next(group_update_w_next), .changed(group_update_changed)
  );
  always @(posedge clk) begin
    if (w_g_go) begin
      w_next_q <= group_update_w_next[15:0];
      w_next_q2 <= w_next_q;
      w_next_q3 <= w_next_q2;
      w_next_q_1 <= group_update_w_next[31:16];
      w_next_q2_1 <= w_next_q_1;
      w_next_q3_1 <= w_next_q2_1;
      w_next_q_2 <= group_update_w_next[47:32];
      w_next_q2_2 <= w_next_q_2;
      w_next_q3_2 <= w_next_q2_2;
      w_next_q_3 <= group_update_w_next[63:48];
      w_next_q2_3 <= w_next_q_3;
      w_next_q3_3 <= w_next_q2_3;
    end
  end

  // ---- w_g_changed: count
  wire half_0_0 = group_update_changed[0] ^ group_update_changed[1];
  wire ones_0_0 = half_0_0 ^ group_update_changed[2];
  wire carry_0_0 = half_0_0 ? group_update_changed[2] : group_update_changed[0];
  wire carry_0_1 = group_update_changed[3] & ones_0_0;
  wire [2:0] changes = {carry_0_0 & carry_0_1, carry_0_0 ^ carry_0_1, group_update_changed[3] ^ ones_0_0};

  // ---- w_g_changed
  reg w_g_changed_stage_valid;
  assign w_g_changed_stage_go = ~w_g_changed_stage_valid | w_g_changed_ready;
  reg [2:0] w_g_changed_stage;
  reg w_g_changed_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      w_g_changed_stage_valid <= 1'b0;
    end else if (w_g_changed_stage_go) begin
      w_g_changed_stage_valid <= w_g_valid_q8 & ~w_g_changed_done;
    end
  end
  always @(posedge clk) begin
    if (w_g_changed_stage_go) begin
      w_g_changed_stage <= changes;
      w_g_changed_stage_last <= w_g_last_q8;
    end
  end

  // ---- sad
  assign w_g_changed_ready = ~sad_valid | sad_ready;
  reg sad_start;
  reg [4:0] sad;
  wire [4:0] sad_before = sad_start ? 5'd0 : sad;
  wire sad_start_enable = w_g_changed_stage_valid & w_g_changed_ready;
  wire [5:0] sad_sum = {1'b0, sad_before} + {3'd0, w_g_changed_stage}; // 0..=38
  assign sad_payload = sad;
  always @(posedge clk) begin
    if (rst) begin
      sad_valid <= 1'b0;
    end else begin
      sad_valid <= (sad_start_enable & w_g_changed_stage_last) | (sad_valid & ~sad_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      sad_start <= 1'b1;
    end else if (sad_start_enable) begin
      sad_start <= w_g_changed_stage_last;
    end
  end
  always @(posedge clk) begin
    if (sad_start_enable) begin
      sad <= sad_sum[4:0];
    end
  end

  // ---- w_next
  assign w_next_payload = {w_next_q3_3, w_next_q3_2, w_next_q3_1, w_next_q3};

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [1:0] g_beat; // of the 4 of a frame
  always @(posedge clk) begin
    if (rst) begin
      g_beat <= 2'd0;
    end else if (g_valid && g_ready) begin
      if (g_last != (g_beat == 2'd3)) begin
        $display("%m: g_last is %0d in beat %0d of 0 to 3 of a frame", g_last, g_beat);
        $finish;
      end
      g_beat <= g_last ? 2'd0 : (g_beat + 2'd1);
    end
  end
  reg [1:0] w_beat; // of the 4 of a frame
  always @(posedge clk) begin
    if (rst) begin
      w_beat <= 2'd0;
    end else if (w_valid && w_ready) begin
      if (w_last != (w_beat == 2'd3)) begin
        $display("%m: w_last is %0d in beat %0d of 0 to 3 of a frame", w_last, w_beat);
        $finish;
      end
      w_beat <= w_last ? 2'd0 : (w_beat + 2'd1);
    end
  end
`endif
  wire unused_bits = &{1'b0, sad_sum[5]};
endmodule

// ---- my_sr_ste_update_group_update.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// a group's weights after the step, and which of its mask's bits change
module my_sr_ste_update_group_update (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [63:0] w, // [16*i +: 16] w i, i = 0..3, signed
  input  wire [63:0] g, // [16*i +: 16] g i, i = 0..3, signed
  input  wire w_g_go,
  output wire [63:0] w_next, // [16*i +: 16] w_next i, i = 0..3, signed
  output wire [3:0] changed // [i] changed i, i = 0..3
);

  // ---- w
  wire signed [15:0] w_0 = w[15:0];
  wire signed [15:0] w_1 = w[31:16];
  wire signed [15:0] w_2 = w[47:32];
  wire signed [15:0] w_3 = w[63:48];

  // ---- g
  wire signed [15:0] g_0 = g[15:0];
  wire signed [15:0] g_1 = g[31:16];
  wire signed [15:0] g_2 = g[47:32];
  wire signed [15:0] g_3 = g[63:48];

  // ---- group_update
  wire [15:0] magnitude_0_magnitude;
  wire [15:0] magnitude_1_magnitude;
  wire [15:0] magnitude_2_magnitude;
  wire [15:0] magnitude_3_magnitude;
  wire [3:0] nm_largest_0_kept;
  wire signed [15:0] weight_step_0_w_next;
  wire signed [15:0] weight_step_1_w_next;
  wire signed [15:0] weight_step_2_w_next;
  wire signed [15:0] weight_step_3_w_next;
  wire [15:0] magnitude_4_magnitude;
  wire [15:0] magnitude_5_magnitude;
  wire [15:0] magnitude_6_magnitude;
  wire [15:0] magnitude_7_magnitude;
  wire [3:0] nm_largest_1_kept;
  reg kept_0_q6;
  reg kept_0_q;
  wire changed_1 = kept_0_q6 ^ kept_0_q;
  reg kept_1_q6;
  wire changed_2 = kept_1_q6 ^ nm_largest_1_kept[1];
  reg kept_2_q6;
  wire changed_3 = kept_2_q6 ^ nm_largest_1_kept[2];
  reg kept_3_q6;
  wire changed_4 = kept_3_q6 ^ nm_largest_1_kept[3];
  reg kept_0_q_1;
  reg kept_0_q2;
  reg kept_0_q3;
  reg kept_0_q4;
  reg kept_0_q5;
  reg kept_1_q;
  reg kept_1_q2;
  reg kept_1_q3;
  reg kept_1_q4;
  reg kept_1_q5;
  reg kept_2_q;
  reg kept_2_q2;
  reg kept_2_q3;
  reg kept_2_q4;
  reg kept_2_q5;
  reg kept_3_q;
  reg kept_3_q2;
  reg kept_3_q3;
  reg kept_3_q4;
  reg kept_3_q5;
  assign w_next = {weight_step_3_w_next, weight_step_2_w_next, weight_step_1_w_next, weight_step_0_w_next};
  assign changed = {changed_4, changed_3, changed_2, changed_1};
  my_sr_ste_update_magnitude magnitude_0 (
    .clk(clk), .rst(rst),
    .x(w_0), .w_g_go(w_g_go), .magnitude(magnitude_0_magnitude)
  );
  my_sr_ste_update_magnitude magnitude_1 (
    .clk(clk), .rst(rst),
    .x(w_1), .w_g_go(w_g_go), .magnitude(magnitude_1_magnitude)
  );
  my_sr_ste_update_magnitude magnitude_2 (
    .clk(clk), .rst(rst),
    .x(w_2), .w_g_go(w_g_go), .magnitude(magnitude_2_magnitude)
  );
  my_sr_ste_update_magnitude magnitude_3 (
    .clk(clk), .rst(rst),
    .x(w_3), .w_g_go(w_g_go), .magnitude(magnitude_3_magnitude)
  );
  my_sr_ste_update_nm_largest nm_largest_0 (
    .clk(clk), .rst(rst),
    .magnitude({magnitude_3_magnitude, magnitude_2_magnitude, magnitude_1_magnitude, magnitude_0_magnitude}),
    .w_g_go(w_g_go), .kept(nm_largest_0_kept)
  );
  my_sr_ste_update_weight_step weight_step_0 (
    .clk(clk), .rst(rst),
    .w(w_0), .g(g_0), .kept(nm_largest_0_kept[0]), .w_g_go(w_g_go), .w_next(weight_step_0_w_next)
  );
  my_sr_ste_update_weight_step weight_step_1 (
    .clk(clk), .rst(rst),
    .w(w_1), .g(g_1), .kept(nm_largest_0_kept[1]), .w_g_go(w_g_go), .w_next(weight_step_1_w_next)
  );
  my_sr_ste_update_weight_step weight_step_2 (
    .clk(clk), .rst(rst),
    .w(w_2), .g(g_2), .kept(nm_largest_0_kept[2]), .w_g_go(w_g_go), .w_next(weight_step_2_w_next)
  );
  my_sr_ste_update_weight_step weight_step_3 (
    .clk(clk), .rst(rst),
    .w(w_3), .g(g_3), .kept(nm_largest_0_kept[3]), .w_g_go(w_g_go), .w_next(weight_step_3_w_next)
  );
  my_sr_ste_update_magnitude_1 magnitude_4 (
    .clk(clk), .rst(rst),
    .x(weight_step_0_w_next), .w_g_go(w_g_go), .magnitude(magnitude_4_magnitude)
  );
  my_sr_ste_update_magnitude_1 magnitude_5 (
    .clk(clk), .rst(rst),
    .x(weight_step_1_w_next), .w_g_go(w_g_go), .magnitude(magnitude_5_magnitude)
  );
  my_sr_ste_update_magnitude_1 magnitude_6 (
    .clk(clk), .rst(rst),
    .x(weight_step_2_w_next), .w_g_go(w_g_go), .magnitude(magnitude_6_magnitude)
  );
  my_sr_ste_update_magnitude_1 magnitude_7 (
    .clk(clk), .rst(rst),
    .x(weight_step_3_w_next), .w_g_go(w_g_go), .magnitude(magnitude_7_magnitude)
  );
  my_sr_ste_update_nm_largest_1 nm_largest_1 (
    .clk(clk), .rst(rst),
    .magnitude({magnitude_7_magnitude, magnitude_6_magnitude, magnitude_5_magnitude, magnitude_4_magnitude}),
    .w_g_go(w_g_go), .kept(nm_largest_1_kept)
  );
  always @(posedge clk) begin
    if (w_g_go) begin
      kept_0_q_1 <= nm_largest_0_kept[0];
      kept_0_q2 <= kept_0_q_1;
      kept_0_q3 <= kept_0_q2;
      kept_0_q4 <= kept_0_q3;
      kept_0_q5 <= kept_0_q4;
      kept_0_q6 <= kept_0_q5;
      kept_0_q <= nm_largest_1_kept[0];
      kept_1_q <= nm_largest_0_kept[1];
      kept_1_q2 <= kept_1_q;
      kept_1_q3 <= kept_1_q2;
      kept_1_q4 <= kept_1_q3;
      kept_1_q5 <= kept_1_q4;
      kept_1_q6 <= kept_1_q5;
      kept_2_q <= nm_largest_0_kept[2];
      kept_2_q2 <= kept_2_q;
      kept_2_q3 <= kept_2_q2;
      kept_2_q4 <= kept_2_q3;
      kept_2_q5 <= kept_2_q4;
      kept_2_q6 <= kept_2_q5;
      kept_3_q <= nm_largest_0_kept[3];
      kept_3_q2 <= kept_3_q;
      kept_3_q3 <= kept_3_q2;
      kept_3_q4 <= kept_3_q3;
      kept_3_q5 <= kept_3_q4;
      kept_3_q6 <= kept_3_q5;
    end
  end
endmodule

// ---- my_sr_ste_update_magnitude.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// magnitude = |x|
module my_sr_ste_update_magnitude (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [15:0] x,
  input  wire w_g_go,
  output wire [15:0] magnitude
);
  wire any_up_to_1 = x[0] | x[1];
  wire any_up_to_2 = any_up_to_1 | x[2];
  wire any_up_to_3 = any_up_to_2 | x[3];
  wire any_up_to_4 = any_up_to_3 | x[4];
  wire any_up_to_5 = any_up_to_4 | x[5];
  wire any_up_to_6 = any_up_to_5 | x[6];
  wire any_up_to_7 = any_up_to_6 | x[7];
  wire any_up_to_8 = any_up_to_7 | x[8];
  reg x_9_q;
  reg x_15_and_any_up_to_8_q;
  reg x_15_q;
  reg any_up_to_9_q;
  reg x_10_q;
  wire any_up_to_10 = any_up_to_9_q | x_10_q;
  reg x_11_q;
  wire any_up_to_11 = any_up_to_10 | x_11_q;
  reg x_12_q;
  wire any_up_to_12 = any_up_to_11 | x_12_q;
  reg x_13_q;
  wire any_up_to_13 = any_up_to_12 | x_13_q;
  reg x_14_q;
  reg x_15_q_1;
  reg x_0_q;
  reg held;
  reg held_1;
  reg held_2;
  reg held_3;
  reg held_4;
  reg held_5;
  reg held_6;
  reg held_7;
  assign magnitude = {x_15_q_1 ^ (x_15_q & (any_up_to_13 | x_14_q)), x_14_q ^ (x_15_q & any_up_to_13), x_13_q ^ (x_15_q & any_up_to_12),
      x_12_q ^ (x_15_q & any_up_to_11), x_11_q ^ (x_15_q & any_up_to_10), x_10_q ^ (x_15_q & any_up_to_9_q), x_9_q ^ x_15_and_any_up_to_8_q,
      held_7, held_6, held_5, held_4, held_3, held_2, held_1, held, x_0_q};
  always @(posedge clk) begin
    if (w_g_go) begin
      x_9_q <= x[9];
      x_15_and_any_up_to_8_q <= x[15] & any_up_to_8;
      x_15_q <= x[15];
      any_up_to_9_q <= any_up_to_8 | x[9];
      x_10_q <= x[10];
      x_11_q <= x[11];
      x_12_q <= x[12];
      x_13_q <= x[13];
      x_14_q <= x[14];
      x_15_q_1 <= x[15];
      x_0_q <= x[0];
      held <= x[1] ^ (x[15] & x[0]);
      held_1 <= x[2] ^ (x[15] & any_up_to_1);
      held_2 <= x[3] ^ (x[15] & any_up_to_2);
      held_3 <= x[4] ^ (x[15] & any_up_to_3);
      held_4 <= x[5] ^ (x[15] & any_up_to_4);
      held_5 <= x[6] ^ (x[15] & any_up_to_5);
      held_6 <= x[7] ^ (x[15] & any_up_to_6);
      held_7 <= x[8] ^ (x[15] & any_up_to_7);
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_sr_ste_update_nm_largest.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// kept: the 2 largest of 4 magnitudes, of equals the lower place
module my_sr_ste_update_nm_largest (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [63:0] magnitude, // [16*i +: 16] magnitude i, i = 0..3
  input  wire w_g_go,
  output wire [3:0] kept // [i] kept i, i = 0..3
);

  // ---- driven further down
  wire [1:0] count_number;
  wire [1:0] count_number_1;
  wire [1:0] count_number_2;
  wire [1:0] count_number_3;

  // ---- nm_largest
  wire [15:0] magnitude_0 = magnitude[15:0];
  wire [15:0] magnitude_1 = magnitude[31:16];
  wire [15:0] magnitude_2 = magnitude[47:32];
  wire [15:0] magnitude_3 = magnitude[63:48];
  wire [15:0] complement_0 = ~magnitude_0;
  wire [15:0] complement_1 = ~magnitude_1;
  wire [15:0] complement_2 = ~magnitude_2;
  reg [15:0] magnitude_1_q;
  reg [15:0] complement_0_q;
  wire [16:0] magnitudes_1_against_0 = {1'b0, magnitude_1_q} + {1'b0, complement_0_q}; // 0..=131070
  wire magnitude_1_above_0 = magnitudes_1_against_0[16];
  wire not_magnitude_1_above_0 = ~magnitude_1_above_0;
  reg [15:0] magnitude_2_q;
  wire [16:0] magnitudes_2_against_0 = {1'b0, magnitude_2_q} + {1'b0, complement_0_q}; // 0..=131070
  wire magnitude_2_above_0 = magnitudes_2_against_0[16];
  wire not_magnitude_2_above_0 = ~magnitude_2_above_0;
  reg [15:0] complement_1_q;
  wire [16:0] magnitudes_2_against_1 = {1'b0, magnitude_2_q} + {1'b0, complement_1_q}; // 0..=131070
  wire magnitude_2_above_1 = magnitudes_2_against_1[16];
  reg [15:0] magnitude_3_q;
  wire [16:0] magnitudes_3_against_0 = {1'b0, magnitude_3_q} + {1'b0, complement_0_q}; // 0..=131070
  wire magnitude_3_above_0 = magnitudes_3_against_0[16];
  wire not_magnitude_3_above_0 = ~magnitude_3_above_0;
  wire [16:0] magnitudes_3_against_1 = {1'b0, magnitude_3_q} + {1'b0, complement_1_q}; // 0..=131070
  wire magnitude_3_above_1 = magnitudes_3_against_1[16];
  reg [15:0] complement_2_q;
  wire [16:0] magnitudes_3_against_2 = {1'b0, magnitude_3_q} + {1'b0, complement_2_q}; // 0..=131070
  wire magnitude_3_above_2 = magnitudes_3_against_2[16];
  wire not_magnitude_3_above_2 = ~magnitude_3_above_2;
  wire kept_0 = ~count_number[1];
  wire kept_1 = ~count_number_1[1];
  wire kept_2 = ~count_number_2[1];
  wire kept_3 = ~count_number_3[1];
  assign kept = {kept_3, kept_2, kept_1, kept_0};
  always @(posedge clk) begin
    if (w_g_go) begin
      magnitude_1_q <= magnitude_1;
      complement_0_q <= complement_0;
      magnitude_2_q <= magnitude_2;
      complement_1_q <= complement_1;
      magnitude_3_q <= magnitude_3;
      complement_2_q <= complement_2;
    end
  end

  // ---- count
  wire half_0_0 = magnitude_1_above_0 ^ magnitude_2_above_0;
  wire carry_0_0 = half_0_0 ? magnitude_3_above_0 : magnitude_1_above_0;
  assign count_number = {carry_0_0, half_0_0 ^ magnitude_3_above_0};
  wire half_0_0_1 = not_magnitude_1_above_0 ^ magnitude_2_above_1;
  wire carry_0_0_1 = half_0_0_1 ? magnitude_3_above_1 : not_magnitude_1_above_0;
  assign count_number_1 = {carry_0_0_1, half_0_0_1 ^ magnitude_3_above_1};
  wire half_0_0_2 = not_magnitude_2_above_0 ^ ~magnitude_2_above_1;
  wire carry_0_0_2 = half_0_0_2 ? magnitude_3_above_2 : not_magnitude_2_above_0;
  assign count_number_2 = {carry_0_0_2, half_0_0_2 ^ magnitude_3_above_2};
  wire half_0_0_3 = not_magnitude_3_above_0 ^ ~magnitude_3_above_1;
  wire carry_0_0_3 = half_0_0_3 ? not_magnitude_3_above_2 : not_magnitude_3_above_0;
  assign count_number_3 = {carry_0_0_3, half_0_0_3 ^ not_magnitude_3_above_2};
  wire unused_bits = &{1'b0, rst, magnitudes_1_against_0[15:0], magnitudes_2_against_0[15:0], magnitudes_2_against_1[15:0],
      magnitudes_3_against_0[15:0], magnitudes_3_against_1[15:0], magnitudes_3_against_2[15:0], count_number[0],
      count_number_1[0], count_number_2[0], count_number_3[0]};
endmodule

// ---- my_sr_ste_update_weight_step.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// w - rate (g + lambda w), the last term only where w is not kept
module my_sr_ste_update_weight_step (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [15:0] w,
  input  wire signed [15:0] g,
  input  wire kept,
  input  wire w_g_go,
  output wire signed [15:0] w_next
);
  wire signed [20:0] sum; // -557056..=557039
  my_sr_ste_update_adder #(.WIDTH(21)) sum_adder (.a({{5{w[15]}}, w}), .b({w[15], w, 4'd0}), .sum(sum));
  wire signed [20:0] difference = sum - {{3{w[15]}}, w, 2'd0}; // -688124..=688111
  reg signed [20:0] held; // -688124..=688111
  wire signed [20:0] pull = kept ? 21'd0 : held; // -688124..=688111
  reg signed [29:0] descent_q3; // -536870912..=536854528
  reg signed [20:0] pull_q; // -688124..=688111
  wire signed [30:0] not_step; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) not_step_adder (
    .a({descent_q3[29], descent_q3}), .b({{10{pull_q[20]}}, pull_q}), .sum(not_step)
  );
  reg signed [35:0] w_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_adder (
    .a({w_shifted_q3[35], w_shifted_q3}), .b({{6{not_step[30]}}, not_step}), .carry_in(1'b1), .sum(exact)
  );
  reg signed [36:0] exact_q; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287 = exact_q + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q;
  wire signed [36:0] sum_1 = exact_q_plus_524287 + {36'd0, exact_20_q}; // -34896756720..=34896773116
  reg signed [16:0] rounded_q; // -33281..=33280
  assign w_next = (rounded_q < -17'sd32768) ? 16'sh8000 : (17'sd32767 < rounded_q) ? 16'd32767 : rounded_q[15:0];
  reg signed [20:0] held_1; // -688124..=688111
  reg signed [29:0] descent_q; // -536870912..=536854528
  reg signed [29:0] descent_q2; // -536870912..=536854528
  reg signed [35:0] w_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_shifted_q2; // -34359738368..=34358689792
  always @(posedge clk) begin
    if (w_g_go) begin
      held_1 <= difference;
      held <= held_1;
      descent_q <= {g, 14'd0};
      descent_q2 <= descent_q;
      descent_q3 <= descent_q2;
      pull_q <= pull;
      w_shifted_q <= {w, 20'd0};
      w_shifted_q2 <= w_shifted_q;
      w_shifted_q3 <= w_shifted_q2;
      exact_q <= exact;
      exact_20_q <= exact[20];
      rounded_q <= sum_1[36:20];
    end
  end
  wire unused_bits = &{1'b0, rst, sum_1[19:0]};
endmodule

// ---- my_sr_ste_update_magnitude_1.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// magnitude = |x|
module my_sr_ste_update_magnitude_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [15:0] x,
  input  wire w_g_go,
  output wire [15:0] magnitude
);
  wire any_up_to_1 = x[0] | x[1];
  wire any_up_to_2 = any_up_to_1 | x[2];
  wire any_up_to_3 = any_up_to_2 | x[3];
  wire any_up_to_4 = any_up_to_3 | x[4];
  reg x_5_q;
  reg x_15_and_any_up_to_4_q;
  reg x_15_q;
  reg any_up_to_5_q;
  reg x_6_q;
  wire any_up_to_6 = any_up_to_5_q | x_6_q;
  reg x_7_q;
  wire any_up_to_7 = any_up_to_6 | x_7_q;
  reg x_8_q;
  wire any_up_to_8 = any_up_to_7 | x_8_q;
  reg x_9_q;
  wire any_up_to_9 = any_up_to_8 | x_9_q;
  reg x_10_q;
  wire any_up_to_10 = any_up_to_9 | x_10_q;
  reg x_11_q;
  wire any_up_to_11 = any_up_to_10 | x_11_q;
  reg x_12_q;
  wire any_up_to_12 = any_up_to_11 | x_12_q;
  reg x_13_q;
  wire any_up_to_13 = any_up_to_12 | x_13_q;
  reg x_14_q2;
  reg x_15_q_and_any_up_to_13_q;
  reg x_14_q;
  reg x_15_q2;
  reg any_up_to_14_q;
  reg x_15_q2_1;
  reg x_0_q2;
  reg held;
  reg held_1;
  reg held_2;
  reg held_3;
  reg held_4;
  reg held_5;
  reg held_6;
  reg held_7;
  reg held_8;
  reg held_9;
  reg held_10;
  reg held_11;
  reg held_12;
  assign magnitude = {x_15_q2_1 ^ (x_15_q2 & any_up_to_14_q), x_14_q2 ^ x_15_q_and_any_up_to_13_q, held_12, held_11,
      held_10, held_9, held_8, held_7, held_6, held_5, held_4, held_3, held_2, held_1, held, x_0_q2};
  reg x_15_q_1;
  reg x_0_q;
  reg held_13;
  reg held_14;
  reg held_15;
  reg held_16;
  always @(posedge clk) begin
    if (w_g_go) begin
      x_5_q <= x[5];
      x_15_and_any_up_to_4_q <= x[15] & any_up_to_4;
      x_15_q <= x[15];
      any_up_to_5_q <= any_up_to_4 | x[5];
      x_6_q <= x[6];
      x_7_q <= x[7];
      x_8_q <= x[8];
      x_9_q <= x[9];
      x_10_q <= x[10];
      x_11_q <= x[11];
      x_12_q <= x[12];
      x_13_q <= x[13];
      x_14_q <= x[14];
      x_14_q2 <= x_14_q;
      x_15_q_and_any_up_to_13_q <= x_15_q & any_up_to_13;
      x_15_q2 <= x_15_q;
      any_up_to_14_q <= any_up_to_13 | x_14_q;
      x_15_q_1 <= x[15];
      x_15_q2_1 <= x_15_q_1;
      x_0_q <= x[0];
      x_0_q2 <= x_0_q;
      held_13 <= x[1] ^ (x[15] & x[0]);
      held <= held_13;
      held_14 <= x[2] ^ (x[15] & any_up_to_1);
      held_1 <= held_14;
      held_15 <= x[3] ^ (x[15] & any_up_to_2);
      held_2 <= held_15;
      held_16 <= x[4] ^ (x[15] & any_up_to_3);
      held_3 <= held_16;
      held_4 <= x_5_q ^ x_15_and_any_up_to_4_q;
      held_5 <= x_6_q ^ (x_15_q & any_up_to_5_q);
      held_6 <= x_7_q ^ (x_15_q & any_up_to_6);
      held_7 <= x_8_q ^ (x_15_q & any_up_to_7);
      held_8 <= x_9_q ^ (x_15_q & any_up_to_8);
      held_9 <= x_10_q ^ (x_15_q & any_up_to_9);
      held_10 <= x_11_q ^ (x_15_q & any_up_to_10);
      held_11 <= x_12_q ^ (x_15_q & any_up_to_11);
      held_12 <= x_13_q ^ (x_15_q & any_up_to_12);
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_sr_ste_update_nm_largest_1.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// kept: the 2 largest of 4 magnitudes, of equals the lower place
module my_sr_ste_update_nm_largest_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [63:0] magnitude, // [16*i +: 16] magnitude i, i = 0..3
  input  wire w_g_go,
  output wire [3:0] kept // [i] kept i, i = 0..3
);

  // ---- driven further down
  wire [1:0] count_number;
  wire [1:0] count_number_1;
  wire [1:0] count_number_2;
  wire [1:0] count_number_3;

  // ---- nm_largest
  wire [15:0] magnitude_0 = magnitude[15:0];
  wire [15:0] magnitude_1 = magnitude[31:16];
  wire [15:0] magnitude_2 = magnitude[47:32];
  wire [15:0] magnitude_3 = magnitude[63:48];
  wire [15:0] complement_0 = ~magnitude_0;
  wire [15:0] complement_1 = ~magnitude_1;
  wire [15:0] complement_2 = ~magnitude_2;
  wire [16:0] magnitudes_1_against_0 = {1'b0, magnitude_1} + {1'b0, complement_0}; // 0..=131070
  wire magnitude_1_above_0 = magnitudes_1_against_0[16];
  wire not_magnitude_1_above_0 = ~magnitude_1_above_0;
  wire [16:0] magnitudes_2_against_0 = {1'b0, magnitude_2} + {1'b0, complement_0}; // 0..=131070
  wire magnitude_2_above_0 = magnitudes_2_against_0[16];
  wire not_magnitude_2_above_0 = ~magnitude_2_above_0;
  wire [16:0] magnitudes_2_against_1 = {1'b0, magnitude_2} + {1'b0, complement_1}; // 0..=131070
  wire magnitude_2_above_1 = magnitudes_2_against_1[16];
  wire [16:0] magnitudes_3_against_0 = {1'b0, magnitude_3} + {1'b0, complement_0}; // 0..=131070
  wire magnitude_3_above_0 = magnitudes_3_against_0[16];
  wire not_magnitude_3_above_0 = ~magnitude_3_above_0;
  wire [16:0] magnitudes_3_against_1 = {1'b0, magnitude_3} + {1'b0, complement_1}; // 0..=131070
  wire magnitude_3_above_1 = magnitudes_3_against_1[16];
  wire [16:0] magnitudes_3_against_2 = {1'b0, magnitude_3} + {1'b0, complement_2}; // 0..=131070
  wire magnitude_3_above_2 = magnitudes_3_against_2[16];
  wire not_magnitude_3_above_2 = ~magnitude_3_above_2;
  wire kept_0 = ~count_number[1];
  reg held;
  wire kept_1 = ~held;
  reg held_1;
  wire kept_2 = ~held_1;
  reg held_2;
  wire kept_3 = ~held_2;
  assign kept = {kept_3, kept_2, kept_1, kept_0};
  always @(posedge clk) begin
    if (w_g_go) begin
      held <= count_number_1[1];
      held_1 <= count_number_2[1];
      held_2 <= count_number_3[1];
    end
  end

  // ---- count
  wire half_0_0 = magnitude_1_above_0 ^ magnitude_2_above_0;
  wire carry_0_0 = half_0_0 ? magnitude_3_above_0 : magnitude_1_above_0;
  assign count_number = {carry_0_0, half_0_0 ^ magnitude_3_above_0};
  wire half_0_0_1 = not_magnitude_1_above_0 ^ magnitude_2_above_1;
  wire carry_0_0_1 = half_0_0_1 ? magnitude_3_above_1 : not_magnitude_1_above_0;
  assign count_number_1 = {carry_0_0_1, half_0_0_1 ^ magnitude_3_above_1};
  wire half_0_0_2 = not_magnitude_2_above_0 ^ ~magnitude_2_above_1;
  wire carry_0_0_2 = half_0_0_2 ? magnitude_3_above_2 : not_magnitude_2_above_0;
  assign count_number_2 = {carry_0_0_2, half_0_0_2 ^ magnitude_3_above_2};
  wire half_0_0_3 = not_magnitude_3_above_0 ^ ~magnitude_3_above_1;
  wire carry_0_0_3 = half_0_0_3 ? not_magnitude_3_above_2 : not_magnitude_3_above_0;
  assign count_number_3 = {carry_0_0_3, half_0_0_3 ^ not_magnitude_3_above_2};
  wire unused_bits = &{1'b0, rst, magnitudes_1_against_0[15:0], magnitudes_2_against_0[15:0], magnitudes_2_against_1[15:0],
      magnitudes_3_against_0[15:0], magnitudes_3_against_1[15:0], magnitudes_3_against_2[15:0], count_number[0],
      count_number_1[0], count_number_2[0], count_number_3[0]};
endmodule

// ---- my_sr_ste_update_adder.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_sr_ste_update_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule

// ---- my_sr_ste_update_inverted_adder.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// sum = ~(a + b); apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_sr_ste_update_inverted_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = ~(a + b);
endmodule

// ---- my_sr_ste_update_adder_with_carry.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// sum = a + b + carry_in; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_sr_ste_update_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = (a + b) + carry_in;
endmodule
