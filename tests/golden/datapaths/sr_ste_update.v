// ---- my_sr_ste_update.v
// Design my_sr_ste_update, text <hash>, written by ternlet <version>
// w_next = w - 1/2^4 (g / 2^2 + 13/2^16 (1 - mask) w), mask the 2:4 largest |w|, and sad, the changes of the mask; 16 weights (s16) and gradients (s16), 4 a beat; rounding HalfEven
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
  wire w_g_1_stage_go;
  wire w_g_1_ready;

  // ---- w_g
  reg w_g_valid_q8;
  reg w_g_0_done;
  wire w_g_0_served = w_g_0_done | w_next_ready;
  reg w_g_1_done;
  wire w_g_1_served = w_g_1_done | w_g_1_stage_go;
  wire w_g_ready = w_g_0_served & w_g_1_served;
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
  assign w_next_valid = w_g_valid_q8 & ~w_g_0_done;
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
      w_g_0_done <= 1'b0;
      w_g_1_done <= 1'b0;
    end else if (w_g_valid_q8) begin
      w_g_0_done <= ~w_g_ready & w_g_0_served;
      w_g_1_done <= ~w_g_ready & w_g_1_served;
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
    .clk(clk),
    .rst(rst),
    .w(w_payload),
    .g(g_payload),
    .w_g_go(w_g_go),
    .w_next(group_update_w_next),
    .changed(group_update_changed)
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

  // ---- w_g_1: count
  wire count_differ = group_update_changed[0] ^ group_update_changed[1];
  wire count_differ_1 = count_differ ^ group_update_changed[2];
  wire count_choice = count_differ ? group_update_changed[2] : group_update_changed[0];
  wire count_both = group_update_changed[3] & count_differ_1;
  wire [2:0] changes = {count_choice & count_both, count_choice ^ count_both, group_update_changed[3] ^ count_differ_1};

  // ---- w_g_1
  reg w_g_1_stage_valid;
  assign w_g_1_stage_go = ~w_g_1_stage_valid | w_g_1_ready;
  reg [2:0] w_g_1_stage;
  reg w_g_1_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      w_g_1_stage_valid <= 1'b0;
    end else if (w_g_1_stage_go) begin
      w_g_1_stage_valid <= w_g_valid_q8 & ~w_g_1_done;
    end
  end
  always @(posedge clk) begin
    if (w_g_1_stage_go) begin
      w_g_1_stage <= changes;
      w_g_1_stage_last <= w_g_last_q8;
    end
  end

  // ---- sad
  assign w_g_1_ready = ~sad_valid | sad_ready;
  reg sad_start;
  reg [4:0] sad;
  wire sad_start_enable = w_g_1_stage_valid & w_g_1_ready;
  wire [4:0] sad_before = sad_start ? 5'd0 : sad;
  wire [5:0] sad_before_plus_w_g_1_stage = {1'b0, sad_before} + {3'd0, w_g_1_stage}; // 0..=38
  assign sad_payload = sad;
  always @(posedge clk) begin
    if (rst) begin
      sad_valid <= 1'b0;
    end else begin
      sad_valid <= (sad_start_enable & w_g_1_stage_last) | (sad_valid & ~sad_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      sad_start <= 1'b1;
    end else if (sad_start_enable) begin
      sad_start <= w_g_1_stage_last;
    end
  end
  always @(posedge clk) begin
    if (sad_start_enable) begin
      sad <= sad_before_plus_w_g_1_stage[4:0];
    end
  end

  // ---- w_next
  assign w_next_payload = {w_next_q3_3, w_next_q3_2, w_next_q3_1, w_next_q3};
  wire unused_bits = &{1'b0, g_last, sad_before_plus_w_g_1_stage[5]};
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

  // ---- driven further down
  wire signed [15:0] weight_step_0_w_next;
  wire signed [15:0] weight_step_1_w_next;
  wire signed [15:0] weight_step_2_w_next;
  wire signed [15:0] weight_step_3_w_next;

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

  // ---- magnitude
  wire any_up_to_1 = w_0[0] | w_0[1];
  wire any_up_to_2 = any_up_to_1 | w_0[2];
  wire any_up_to_3 = any_up_to_2 | w_0[3];
  wire any_up_to_4 = any_up_to_3 | w_0[4];
  wire any_up_to_5 = any_up_to_4 | w_0[5];
  wire any_up_to_6 = any_up_to_5 | w_0[6];
  wire any_up_to_7 = any_up_to_6 | w_0[7];
  wire any_up_to_8 = any_up_to_7 | w_0[8];
  reg w_0_9_q;
  reg magnitude_held;
  reg w_0_15_q;
  reg any_up_to_9_q;
  reg w_0_10_q;
  wire any_up_to_10 = any_up_to_9_q | w_0_10_q;
  reg w_0_11_q;
  wire any_up_to_11 = any_up_to_10 | w_0_11_q;
  reg w_0_12_q;
  wire any_up_to_12 = any_up_to_11 | w_0_12_q;
  reg w_0_13_q;
  wire any_up_to_13 = any_up_to_12 | w_0_13_q;
  reg w_0_14_q;
  reg w_0_15_q_1;
  reg w_0_0_q;
  reg magnitude_held_1;
  reg magnitude_held_2;
  reg magnitude_held_3;
  reg magnitude_held_4;
  reg magnitude_held_5;
  reg magnitude_held_6;
  reg magnitude_held_7;
  reg magnitude_held_8;
  wire [15:0] magnitude = {w_0_15_q_1 ^ (w_0_15_q & (any_up_to_13 | w_0_14_q)), w_0_14_q ^ (w_0_15_q & any_up_to_13),
      w_0_13_q ^ (w_0_15_q & any_up_to_12), w_0_12_q ^ (w_0_15_q & any_up_to_11), w_0_11_q ^ (w_0_15_q & any_up_to_10),
      w_0_10_q ^ (w_0_15_q & any_up_to_9_q), w_0_9_q ^ magnitude_held, magnitude_held_8, magnitude_held_7, magnitude_held_6,
      magnitude_held_5, magnitude_held_4, magnitude_held_3, magnitude_held_2, magnitude_held_1, w_0_0_q};
  wire any_up_to_1_1 = w_1[0] | w_1[1];
  wire any_up_to_2_1 = any_up_to_1_1 | w_1[2];
  wire any_up_to_3_1 = any_up_to_2_1 | w_1[3];
  wire any_up_to_4_1 = any_up_to_3_1 | w_1[4];
  wire any_up_to_5_1 = any_up_to_4_1 | w_1[5];
  wire any_up_to_6_1 = any_up_to_5_1 | w_1[6];
  wire any_up_to_7_1 = any_up_to_6_1 | w_1[7];
  wire any_up_to_8_1 = any_up_to_7_1 | w_1[8];
  reg w_1_9_q;
  reg magnitude_held_9;
  reg w_1_15_q;
  reg any_up_to_9_q_1;
  reg w_1_10_q;
  wire any_up_to_10_1 = any_up_to_9_q_1 | w_1_10_q;
  reg w_1_11_q;
  wire any_up_to_11_1 = any_up_to_10_1 | w_1_11_q;
  reg w_1_12_q;
  wire any_up_to_12_1 = any_up_to_11_1 | w_1_12_q;
  reg w_1_13_q;
  wire any_up_to_13_1 = any_up_to_12_1 | w_1_13_q;
  reg w_1_14_q;
  reg w_1_15_q_1;
  reg w_1_0_q;
  reg magnitude_held_10;
  reg magnitude_held_11;
  reg magnitude_held_12;
  reg magnitude_held_13;
  reg magnitude_held_14;
  reg magnitude_held_15;
  reg magnitude_held_16;
  reg magnitude_held_17;
  wire [15:0] magnitude_1 = {w_1_15_q_1 ^ (w_1_15_q & (any_up_to_13_1 | w_1_14_q)), w_1_14_q ^ (w_1_15_q & any_up_to_13_1),
      w_1_13_q ^ (w_1_15_q & any_up_to_12_1), w_1_12_q ^ (w_1_15_q & any_up_to_11_1), w_1_11_q ^ (w_1_15_q & any_up_to_10_1),
      w_1_10_q ^ (w_1_15_q & any_up_to_9_q_1), w_1_9_q ^ magnitude_held_9, magnitude_held_17, magnitude_held_16,
      magnitude_held_15, magnitude_held_14, magnitude_held_13, magnitude_held_12, magnitude_held_11, magnitude_held_10,
      w_1_0_q};
  wire any_up_to_1_2 = w_2[0] | w_2[1];
  wire any_up_to_2_2 = any_up_to_1_2 | w_2[2];
  wire any_up_to_3_2 = any_up_to_2_2 | w_2[3];
  wire any_up_to_4_2 = any_up_to_3_2 | w_2[4];
  wire any_up_to_5_2 = any_up_to_4_2 | w_2[5];
  wire any_up_to_6_2 = any_up_to_5_2 | w_2[6];
  wire any_up_to_7_2 = any_up_to_6_2 | w_2[7];
  wire any_up_to_8_2 = any_up_to_7_2 | w_2[8];
  reg w_2_9_q;
  reg magnitude_held_18;
  reg w_2_15_q;
  reg any_up_to_9_q_2;
  reg w_2_10_q;
  wire any_up_to_10_2 = any_up_to_9_q_2 | w_2_10_q;
  reg w_2_11_q;
  wire any_up_to_11_2 = any_up_to_10_2 | w_2_11_q;
  reg w_2_12_q;
  wire any_up_to_12_2 = any_up_to_11_2 | w_2_12_q;
  reg w_2_13_q;
  wire any_up_to_13_2 = any_up_to_12_2 | w_2_13_q;
  reg w_2_14_q;
  reg w_2_15_q_1;
  reg w_2_0_q;
  reg magnitude_held_19;
  reg magnitude_held_20;
  reg magnitude_held_21;
  reg magnitude_held_22;
  reg magnitude_held_23;
  reg magnitude_held_24;
  reg magnitude_held_25;
  reg magnitude_held_26;
  wire [15:0] magnitude_2 = {w_2_15_q_1 ^ (w_2_15_q & (any_up_to_13_2 | w_2_14_q)), w_2_14_q ^ (w_2_15_q & any_up_to_13_2),
      w_2_13_q ^ (w_2_15_q & any_up_to_12_2), w_2_12_q ^ (w_2_15_q & any_up_to_11_2), w_2_11_q ^ (w_2_15_q & any_up_to_10_2),
      w_2_10_q ^ (w_2_15_q & any_up_to_9_q_2), w_2_9_q ^ magnitude_held_18, magnitude_held_26, magnitude_held_25,
      magnitude_held_24, magnitude_held_23, magnitude_held_22, magnitude_held_21, magnitude_held_20, magnitude_held_19,
      w_2_0_q};
  wire any_up_to_1_3 = w_3[0] | w_3[1];
  wire any_up_to_2_3 = any_up_to_1_3 | w_3[2];
  wire any_up_to_3_3 = any_up_to_2_3 | w_3[3];
  wire any_up_to_4_3 = any_up_to_3_3 | w_3[4];
  wire any_up_to_5_3 = any_up_to_4_3 | w_3[5];
  wire any_up_to_6_3 = any_up_to_5_3 | w_3[6];
  wire any_up_to_7_3 = any_up_to_6_3 | w_3[7];
  wire any_up_to_8_3 = any_up_to_7_3 | w_3[8];
  reg w_3_9_q;
  reg magnitude_held_27;
  reg w_3_15_q;
  reg any_up_to_9_q_3;
  reg w_3_10_q;
  wire any_up_to_10_3 = any_up_to_9_q_3 | w_3_10_q;
  reg w_3_11_q;
  wire any_up_to_11_3 = any_up_to_10_3 | w_3_11_q;
  reg w_3_12_q;
  wire any_up_to_12_3 = any_up_to_11_3 | w_3_12_q;
  reg w_3_13_q;
  wire any_up_to_13_3 = any_up_to_12_3 | w_3_13_q;
  reg w_3_14_q;
  reg w_3_15_q_1;
  reg w_3_0_q;
  reg magnitude_held_28;
  reg magnitude_held_29;
  reg magnitude_held_30;
  reg magnitude_held_31;
  reg magnitude_held_32;
  reg magnitude_held_33;
  reg magnitude_held_34;
  reg magnitude_held_35;
  wire [15:0] magnitude_3 = {w_3_15_q_1 ^ (w_3_15_q & (any_up_to_13_3 | w_3_14_q)), w_3_14_q ^ (w_3_15_q & any_up_to_13_3),
      w_3_13_q ^ (w_3_15_q & any_up_to_12_3), w_3_12_q ^ (w_3_15_q & any_up_to_11_3), w_3_11_q ^ (w_3_15_q & any_up_to_10_3),
      w_3_10_q ^ (w_3_15_q & any_up_to_9_q_3), w_3_9_q ^ magnitude_held_27, magnitude_held_35, magnitude_held_34,
      magnitude_held_33, magnitude_held_32, magnitude_held_31, magnitude_held_30, magnitude_held_29, magnitude_held_28,
      w_3_0_q};
  wire any_up_to_1_4 = weight_step_0_w_next[0] | weight_step_0_w_next[1];
  wire any_up_to_2_4 = any_up_to_1_4 | weight_step_0_w_next[2];
  wire any_up_to_3_4 = any_up_to_2_4 | weight_step_0_w_next[3];
  wire any_up_to_4_4 = any_up_to_3_4 | weight_step_0_w_next[4];
  reg weight_step_0_w_next_5_q;
  reg magnitude_held_36;
  reg weight_step_0_w_next_15_q;
  reg any_up_to_5_q;
  reg weight_step_0_w_next_6_q;
  wire any_up_to_6_4 = any_up_to_5_q | weight_step_0_w_next_6_q;
  reg weight_step_0_w_next_7_q;
  wire any_up_to_7_4 = any_up_to_6_4 | weight_step_0_w_next_7_q;
  reg weight_step_0_w_next_8_q;
  wire any_up_to_8_4 = any_up_to_7_4 | weight_step_0_w_next_8_q;
  reg weight_step_0_w_next_9_q;
  wire any_up_to_9 = any_up_to_8_4 | weight_step_0_w_next_9_q;
  reg weight_step_0_w_next_10_q;
  wire any_up_to_10_4 = any_up_to_9 | weight_step_0_w_next_10_q;
  reg weight_step_0_w_next_11_q;
  wire any_up_to_11_4 = any_up_to_10_4 | weight_step_0_w_next_11_q;
  reg weight_step_0_w_next_12_q;
  wire any_up_to_12_4 = any_up_to_11_4 | weight_step_0_w_next_12_q;
  reg weight_step_0_w_next_13_q;
  wire any_up_to_13_4 = any_up_to_12_4 | weight_step_0_w_next_13_q;
  reg weight_step_0_w_next_14_q2;
  reg magnitude_held_37;
  reg weight_step_0_w_next_14_q;
  reg weight_step_0_w_next_15_q2;
  reg any_up_to_14_q;
  reg weight_step_0_w_next_15_q2_1;
  reg weight_step_0_w_next_0_q2;
  reg magnitude_held_38;
  reg magnitude_held_39;
  reg magnitude_held_40;
  reg magnitude_held_41;
  reg magnitude_held_42;
  reg magnitude_held_43;
  reg magnitude_held_44;
  reg magnitude_held_45;
  reg magnitude_held_46;
  reg magnitude_held_47;
  reg magnitude_held_48;
  reg magnitude_held_49;
  reg magnitude_held_50;
  wire [15:0] magnitude_4 = {weight_step_0_w_next_15_q2_1 ^ (weight_step_0_w_next_15_q2 & any_up_to_14_q), weight_step_0_w_next_14_q2 ^ magnitude_held_37,
      magnitude_held_50, magnitude_held_49, magnitude_held_48, magnitude_held_47, magnitude_held_46, magnitude_held_45,
      magnitude_held_44, magnitude_held_43, magnitude_held_42, magnitude_held_41, magnitude_held_40, magnitude_held_39,
      magnitude_held_38, weight_step_0_w_next_0_q2};
  wire any_up_to_1_5 = weight_step_1_w_next[0] | weight_step_1_w_next[1];
  wire any_up_to_2_5 = any_up_to_1_5 | weight_step_1_w_next[2];
  wire any_up_to_3_5 = any_up_to_2_5 | weight_step_1_w_next[3];
  wire any_up_to_4_5 = any_up_to_3_5 | weight_step_1_w_next[4];
  reg weight_step_1_w_next_5_q;
  reg magnitude_held_51;
  reg weight_step_1_w_next_15_q;
  reg any_up_to_5_q_1;
  reg weight_step_1_w_next_6_q;
  wire any_up_to_6_5 = any_up_to_5_q_1 | weight_step_1_w_next_6_q;
  reg weight_step_1_w_next_7_q;
  wire any_up_to_7_5 = any_up_to_6_5 | weight_step_1_w_next_7_q;
  reg weight_step_1_w_next_8_q;
  wire any_up_to_8_5 = any_up_to_7_5 | weight_step_1_w_next_8_q;
  reg weight_step_1_w_next_9_q;
  wire any_up_to_9_1 = any_up_to_8_5 | weight_step_1_w_next_9_q;
  reg weight_step_1_w_next_10_q;
  wire any_up_to_10_5 = any_up_to_9_1 | weight_step_1_w_next_10_q;
  reg weight_step_1_w_next_11_q;
  wire any_up_to_11_5 = any_up_to_10_5 | weight_step_1_w_next_11_q;
  reg weight_step_1_w_next_12_q;
  wire any_up_to_12_5 = any_up_to_11_5 | weight_step_1_w_next_12_q;
  reg weight_step_1_w_next_13_q;
  wire any_up_to_13_5 = any_up_to_12_5 | weight_step_1_w_next_13_q;
  reg weight_step_1_w_next_14_q2;
  reg magnitude_held_52;
  reg weight_step_1_w_next_14_q;
  reg weight_step_1_w_next_15_q2;
  reg any_up_to_14_q_1;
  reg weight_step_1_w_next_15_q2_1;
  reg weight_step_1_w_next_0_q2;
  reg magnitude_held_53;
  reg magnitude_held_54;
  reg magnitude_held_55;
  reg magnitude_held_56;
  reg magnitude_held_57;
  reg magnitude_held_58;
  reg magnitude_held_59;
  reg magnitude_held_60;
  reg magnitude_held_61;
  reg magnitude_held_62;
  reg magnitude_held_63;
  reg magnitude_held_64;
  reg magnitude_held_65;
  wire [15:0] magnitude_5 = {weight_step_1_w_next_15_q2_1 ^ (weight_step_1_w_next_15_q2 & any_up_to_14_q_1), weight_step_1_w_next_14_q2 ^ magnitude_held_52,
      magnitude_held_65, magnitude_held_64, magnitude_held_63, magnitude_held_62, magnitude_held_61, magnitude_held_60,
      magnitude_held_59, magnitude_held_58, magnitude_held_57, magnitude_held_56, magnitude_held_55, magnitude_held_54,
      magnitude_held_53, weight_step_1_w_next_0_q2};
  wire any_up_to_1_6 = weight_step_2_w_next[0] | weight_step_2_w_next[1];
  wire any_up_to_2_6 = any_up_to_1_6 | weight_step_2_w_next[2];
  wire any_up_to_3_6 = any_up_to_2_6 | weight_step_2_w_next[3];
  wire any_up_to_4_6 = any_up_to_3_6 | weight_step_2_w_next[4];
  reg weight_step_2_w_next_5_q;
  reg magnitude_held_66;
  reg weight_step_2_w_next_15_q;
  reg any_up_to_5_q_2;
  reg weight_step_2_w_next_6_q;
  wire any_up_to_6_6 = any_up_to_5_q_2 | weight_step_2_w_next_6_q;
  reg weight_step_2_w_next_7_q;
  wire any_up_to_7_6 = any_up_to_6_6 | weight_step_2_w_next_7_q;
  reg weight_step_2_w_next_8_q;
  wire any_up_to_8_6 = any_up_to_7_6 | weight_step_2_w_next_8_q;
  reg weight_step_2_w_next_9_q;
  wire any_up_to_9_2 = any_up_to_8_6 | weight_step_2_w_next_9_q;
  reg weight_step_2_w_next_10_q;
  wire any_up_to_10_6 = any_up_to_9_2 | weight_step_2_w_next_10_q;
  reg weight_step_2_w_next_11_q;
  wire any_up_to_11_6 = any_up_to_10_6 | weight_step_2_w_next_11_q;
  reg weight_step_2_w_next_12_q;
  wire any_up_to_12_6 = any_up_to_11_6 | weight_step_2_w_next_12_q;
  reg weight_step_2_w_next_13_q;
  wire any_up_to_13_6 = any_up_to_12_6 | weight_step_2_w_next_13_q;
  reg weight_step_2_w_next_14_q2;
  reg magnitude_held_67;
  reg weight_step_2_w_next_14_q;
  reg weight_step_2_w_next_15_q2;
  reg any_up_to_14_q_2;
  reg weight_step_2_w_next_15_q2_1;
  reg weight_step_2_w_next_0_q2;
  reg magnitude_held_68;
  reg magnitude_held_69;
  reg magnitude_held_70;
  reg magnitude_held_71;
  reg magnitude_held_72;
  reg magnitude_held_73;
  reg magnitude_held_74;
  reg magnitude_held_75;
  reg magnitude_held_76;
  reg magnitude_held_77;
  reg magnitude_held_78;
  reg magnitude_held_79;
  reg magnitude_held_80;
  wire [15:0] magnitude_6 = {weight_step_2_w_next_15_q2_1 ^ (weight_step_2_w_next_15_q2 & any_up_to_14_q_2), weight_step_2_w_next_14_q2 ^ magnitude_held_67,
      magnitude_held_80, magnitude_held_79, magnitude_held_78, magnitude_held_77, magnitude_held_76, magnitude_held_75,
      magnitude_held_74, magnitude_held_73, magnitude_held_72, magnitude_held_71, magnitude_held_70, magnitude_held_69,
      magnitude_held_68, weight_step_2_w_next_0_q2};
  wire any_up_to_1_7 = weight_step_3_w_next[0] | weight_step_3_w_next[1];
  wire any_up_to_2_7 = any_up_to_1_7 | weight_step_3_w_next[2];
  wire any_up_to_3_7 = any_up_to_2_7 | weight_step_3_w_next[3];
  wire any_up_to_4_7 = any_up_to_3_7 | weight_step_3_w_next[4];
  reg weight_step_3_w_next_5_q;
  reg magnitude_held_81;
  reg weight_step_3_w_next_15_q;
  reg any_up_to_5_q_3;
  reg weight_step_3_w_next_6_q;
  wire any_up_to_6_7 = any_up_to_5_q_3 | weight_step_3_w_next_6_q;
  reg weight_step_3_w_next_7_q;
  wire any_up_to_7_7 = any_up_to_6_7 | weight_step_3_w_next_7_q;
  reg weight_step_3_w_next_8_q;
  wire any_up_to_8_7 = any_up_to_7_7 | weight_step_3_w_next_8_q;
  reg weight_step_3_w_next_9_q;
  wire any_up_to_9_3 = any_up_to_8_7 | weight_step_3_w_next_9_q;
  reg weight_step_3_w_next_10_q;
  wire any_up_to_10_7 = any_up_to_9_3 | weight_step_3_w_next_10_q;
  reg weight_step_3_w_next_11_q;
  wire any_up_to_11_7 = any_up_to_10_7 | weight_step_3_w_next_11_q;
  reg weight_step_3_w_next_12_q;
  wire any_up_to_12_7 = any_up_to_11_7 | weight_step_3_w_next_12_q;
  reg weight_step_3_w_next_13_q;
  wire any_up_to_13_7 = any_up_to_12_7 | weight_step_3_w_next_13_q;
  reg weight_step_3_w_next_14_q2;
  reg magnitude_held_82;
  reg weight_step_3_w_next_14_q;
  reg weight_step_3_w_next_15_q2;
  reg any_up_to_14_q_3;
  reg weight_step_3_w_next_15_q2_1;
  reg weight_step_3_w_next_0_q2;
  reg magnitude_held_83;
  reg magnitude_held_84;
  reg magnitude_held_85;
  reg magnitude_held_86;
  reg magnitude_held_87;
  reg magnitude_held_88;
  reg magnitude_held_89;
  reg magnitude_held_90;
  reg magnitude_held_91;
  reg magnitude_held_92;
  reg magnitude_held_93;
  reg magnitude_held_94;
  reg magnitude_held_95;
  wire [15:0] magnitude_7 = {weight_step_3_w_next_15_q2_1 ^ (weight_step_3_w_next_15_q2 & any_up_to_14_q_3), weight_step_3_w_next_14_q2 ^ magnitude_held_82,
      magnitude_held_95, magnitude_held_94, magnitude_held_93, magnitude_held_92, magnitude_held_91, magnitude_held_90,
      magnitude_held_89, magnitude_held_88, magnitude_held_87, magnitude_held_86, magnitude_held_85, magnitude_held_84,
      magnitude_held_83, weight_step_3_w_next_0_q2};
  reg weight_step_0_w_next_15_q_1;
  reg weight_step_0_w_next_0_q;
  reg magnitude_held_96;
  reg magnitude_held_97;
  reg magnitude_held_98;
  reg magnitude_held_99;
  reg weight_step_1_w_next_15_q_1;
  reg weight_step_1_w_next_0_q;
  reg magnitude_held_100;
  reg magnitude_held_101;
  reg magnitude_held_102;
  reg magnitude_held_103;
  reg weight_step_2_w_next_15_q_1;
  reg weight_step_2_w_next_0_q;
  reg magnitude_held_104;
  reg magnitude_held_105;
  reg magnitude_held_106;
  reg magnitude_held_107;
  reg weight_step_3_w_next_15_q_1;
  reg weight_step_3_w_next_0_q;
  reg magnitude_held_108;
  reg magnitude_held_109;
  reg magnitude_held_110;
  reg magnitude_held_111;
  always @(posedge clk) begin
    if (w_g_go) begin
      w_0_9_q <= w_0[9];
      magnitude_held <= w_0[15] & any_up_to_8;
      w_0_15_q <= w_0[15];
      any_up_to_9_q <= any_up_to_8 | w_0[9];
      w_0_10_q <= w_0[10];
      w_0_11_q <= w_0[11];
      w_0_12_q <= w_0[12];
      w_0_13_q <= w_0[13];
      w_0_14_q <= w_0[14];
      w_0_15_q_1 <= w_0[15];
      w_0_0_q <= w_0[0];
      magnitude_held_1 <= w_0[1] ^ (w_0[15] & w_0[0]);
      magnitude_held_2 <= w_0[2] ^ (w_0[15] & any_up_to_1);
      magnitude_held_3 <= w_0[3] ^ (w_0[15] & any_up_to_2);
      magnitude_held_4 <= w_0[4] ^ (w_0[15] & any_up_to_3);
      magnitude_held_5 <= w_0[5] ^ (w_0[15] & any_up_to_4);
      magnitude_held_6 <= w_0[6] ^ (w_0[15] & any_up_to_5);
      magnitude_held_7 <= w_0[7] ^ (w_0[15] & any_up_to_6);
      magnitude_held_8 <= w_0[8] ^ (w_0[15] & any_up_to_7);
      w_1_9_q <= w_1[9];
      magnitude_held_9 <= w_1[15] & any_up_to_8_1;
      w_1_15_q <= w_1[15];
      any_up_to_9_q_1 <= any_up_to_8_1 | w_1[9];
      w_1_10_q <= w_1[10];
      w_1_11_q <= w_1[11];
      w_1_12_q <= w_1[12];
      w_1_13_q <= w_1[13];
      w_1_14_q <= w_1[14];
      w_1_15_q_1 <= w_1[15];
      w_1_0_q <= w_1[0];
      magnitude_held_10 <= w_1[1] ^ (w_1[15] & w_1[0]);
      magnitude_held_11 <= w_1[2] ^ (w_1[15] & any_up_to_1_1);
      magnitude_held_12 <= w_1[3] ^ (w_1[15] & any_up_to_2_1);
      magnitude_held_13 <= w_1[4] ^ (w_1[15] & any_up_to_3_1);
      magnitude_held_14 <= w_1[5] ^ (w_1[15] & any_up_to_4_1);
      magnitude_held_15 <= w_1[6] ^ (w_1[15] & any_up_to_5_1);
      magnitude_held_16 <= w_1[7] ^ (w_1[15] & any_up_to_6_1);
      magnitude_held_17 <= w_1[8] ^ (w_1[15] & any_up_to_7_1);
      w_2_9_q <= w_2[9];
      magnitude_held_18 <= w_2[15] & any_up_to_8_2;
      w_2_15_q <= w_2[15];
      any_up_to_9_q_2 <= any_up_to_8_2 | w_2[9];
      w_2_10_q <= w_2[10];
      w_2_11_q <= w_2[11];
      w_2_12_q <= w_2[12];
      w_2_13_q <= w_2[13];
      w_2_14_q <= w_2[14];
      w_2_15_q_1 <= w_2[15];
      w_2_0_q <= w_2[0];
      magnitude_held_19 <= w_2[1] ^ (w_2[15] & w_2[0]);
      magnitude_held_20 <= w_2[2] ^ (w_2[15] & any_up_to_1_2);
      magnitude_held_21 <= w_2[3] ^ (w_2[15] & any_up_to_2_2);
      magnitude_held_22 <= w_2[4] ^ (w_2[15] & any_up_to_3_2);
      magnitude_held_23 <= w_2[5] ^ (w_2[15] & any_up_to_4_2);
      magnitude_held_24 <= w_2[6] ^ (w_2[15] & any_up_to_5_2);
      magnitude_held_25 <= w_2[7] ^ (w_2[15] & any_up_to_6_2);
      magnitude_held_26 <= w_2[8] ^ (w_2[15] & any_up_to_7_2);
      w_3_9_q <= w_3[9];
      magnitude_held_27 <= w_3[15] & any_up_to_8_3;
      w_3_15_q <= w_3[15];
      any_up_to_9_q_3 <= any_up_to_8_3 | w_3[9];
      w_3_10_q <= w_3[10];
      w_3_11_q <= w_3[11];
      w_3_12_q <= w_3[12];
      w_3_13_q <= w_3[13];
      w_3_14_q <= w_3[14];
      w_3_15_q_1 <= w_3[15];
      w_3_0_q <= w_3[0];
      magnitude_held_28 <= w_3[1] ^ (w_3[15] & w_3[0]);
      magnitude_held_29 <= w_3[2] ^ (w_3[15] & any_up_to_1_3);
      magnitude_held_30 <= w_3[3] ^ (w_3[15] & any_up_to_2_3);
      magnitude_held_31 <= w_3[4] ^ (w_3[15] & any_up_to_3_3);
      magnitude_held_32 <= w_3[5] ^ (w_3[15] & any_up_to_4_3);
      magnitude_held_33 <= w_3[6] ^ (w_3[15] & any_up_to_5_3);
      magnitude_held_34 <= w_3[7] ^ (w_3[15] & any_up_to_6_3);
      magnitude_held_35 <= w_3[8] ^ (w_3[15] & any_up_to_7_3);
      weight_step_0_w_next_5_q <= weight_step_0_w_next[5];
      magnitude_held_36 <= weight_step_0_w_next[15] & any_up_to_4_4;
      weight_step_0_w_next_15_q <= weight_step_0_w_next[15];
      any_up_to_5_q <= any_up_to_4_4 | weight_step_0_w_next[5];
      weight_step_0_w_next_6_q <= weight_step_0_w_next[6];
      weight_step_0_w_next_7_q <= weight_step_0_w_next[7];
      weight_step_0_w_next_8_q <= weight_step_0_w_next[8];
      weight_step_0_w_next_9_q <= weight_step_0_w_next[9];
      weight_step_0_w_next_10_q <= weight_step_0_w_next[10];
      weight_step_0_w_next_11_q <= weight_step_0_w_next[11];
      weight_step_0_w_next_12_q <= weight_step_0_w_next[12];
      weight_step_0_w_next_13_q <= weight_step_0_w_next[13];
      weight_step_0_w_next_14_q <= weight_step_0_w_next[14];
      weight_step_0_w_next_14_q2 <= weight_step_0_w_next_14_q;
      magnitude_held_37 <= weight_step_0_w_next_15_q & any_up_to_13_4;
      weight_step_0_w_next_15_q2 <= weight_step_0_w_next_15_q;
      any_up_to_14_q <= any_up_to_13_4 | weight_step_0_w_next_14_q;
      weight_step_0_w_next_15_q_1 <= weight_step_0_w_next[15];
      weight_step_0_w_next_15_q2_1 <= weight_step_0_w_next_15_q_1;
      weight_step_0_w_next_0_q <= weight_step_0_w_next[0];
      weight_step_0_w_next_0_q2 <= weight_step_0_w_next_0_q;
      magnitude_held_96 <= weight_step_0_w_next[1] ^ (weight_step_0_w_next[15] & weight_step_0_w_next[0]);
      magnitude_held_38 <= magnitude_held_96;
      magnitude_held_97 <= weight_step_0_w_next[2] ^ (weight_step_0_w_next[15] & any_up_to_1_4);
      magnitude_held_39 <= magnitude_held_97;
      magnitude_held_98 <= weight_step_0_w_next[3] ^ (weight_step_0_w_next[15] & any_up_to_2_4);
      magnitude_held_40 <= magnitude_held_98;
      magnitude_held_99 <= weight_step_0_w_next[4] ^ (weight_step_0_w_next[15] & any_up_to_3_4);
      magnitude_held_41 <= magnitude_held_99;
      magnitude_held_42 <= weight_step_0_w_next_5_q ^ magnitude_held_36;
      magnitude_held_43 <= weight_step_0_w_next_6_q ^ (weight_step_0_w_next_15_q & any_up_to_5_q);
      magnitude_held_44 <= weight_step_0_w_next_7_q ^ (weight_step_0_w_next_15_q & any_up_to_6_4);
      magnitude_held_45 <= weight_step_0_w_next_8_q ^ (weight_step_0_w_next_15_q & any_up_to_7_4);
      magnitude_held_46 <= weight_step_0_w_next_9_q ^ (weight_step_0_w_next_15_q & any_up_to_8_4);
      magnitude_held_47 <= weight_step_0_w_next_10_q ^ (weight_step_0_w_next_15_q & any_up_to_9);
      magnitude_held_48 <= weight_step_0_w_next_11_q ^ (weight_step_0_w_next_15_q & any_up_to_10_4);
      magnitude_held_49 <= weight_step_0_w_next_12_q ^ (weight_step_0_w_next_15_q & any_up_to_11_4);
      magnitude_held_50 <= weight_step_0_w_next_13_q ^ (weight_step_0_w_next_15_q & any_up_to_12_4);
      weight_step_1_w_next_5_q <= weight_step_1_w_next[5];
      magnitude_held_51 <= weight_step_1_w_next[15] & any_up_to_4_5;
      weight_step_1_w_next_15_q <= weight_step_1_w_next[15];
      any_up_to_5_q_1 <= any_up_to_4_5 | weight_step_1_w_next[5];
      weight_step_1_w_next_6_q <= weight_step_1_w_next[6];
      weight_step_1_w_next_7_q <= weight_step_1_w_next[7];
      weight_step_1_w_next_8_q <= weight_step_1_w_next[8];
      weight_step_1_w_next_9_q <= weight_step_1_w_next[9];
      weight_step_1_w_next_10_q <= weight_step_1_w_next[10];
      weight_step_1_w_next_11_q <= weight_step_1_w_next[11];
      weight_step_1_w_next_12_q <= weight_step_1_w_next[12];
      weight_step_1_w_next_13_q <= weight_step_1_w_next[13];
      weight_step_1_w_next_14_q <= weight_step_1_w_next[14];
      weight_step_1_w_next_14_q2 <= weight_step_1_w_next_14_q;
      magnitude_held_52 <= weight_step_1_w_next_15_q & any_up_to_13_5;
      weight_step_1_w_next_15_q2 <= weight_step_1_w_next_15_q;
      any_up_to_14_q_1 <= any_up_to_13_5 | weight_step_1_w_next_14_q;
      weight_step_1_w_next_15_q_1 <= weight_step_1_w_next[15];
      weight_step_1_w_next_15_q2_1 <= weight_step_1_w_next_15_q_1;
      weight_step_1_w_next_0_q <= weight_step_1_w_next[0];
      weight_step_1_w_next_0_q2 <= weight_step_1_w_next_0_q;
      magnitude_held_100 <= weight_step_1_w_next[1] ^ (weight_step_1_w_next[15] & weight_step_1_w_next[0]);
      magnitude_held_53 <= magnitude_held_100;
      magnitude_held_101 <= weight_step_1_w_next[2] ^ (weight_step_1_w_next[15] & any_up_to_1_5);
      magnitude_held_54 <= magnitude_held_101;
      magnitude_held_102 <= weight_step_1_w_next[3] ^ (weight_step_1_w_next[15] & any_up_to_2_5);
      magnitude_held_55 <= magnitude_held_102;
      magnitude_held_103 <= weight_step_1_w_next[4] ^ (weight_step_1_w_next[15] & any_up_to_3_5);
      magnitude_held_56 <= magnitude_held_103;
      magnitude_held_57 <= weight_step_1_w_next_5_q ^ magnitude_held_51;
      magnitude_held_58 <= weight_step_1_w_next_6_q ^ (weight_step_1_w_next_15_q & any_up_to_5_q_1);
      magnitude_held_59 <= weight_step_1_w_next_7_q ^ (weight_step_1_w_next_15_q & any_up_to_6_5);
      magnitude_held_60 <= weight_step_1_w_next_8_q ^ (weight_step_1_w_next_15_q & any_up_to_7_5);
      magnitude_held_61 <= weight_step_1_w_next_9_q ^ (weight_step_1_w_next_15_q & any_up_to_8_5);
      magnitude_held_62 <= weight_step_1_w_next_10_q ^ (weight_step_1_w_next_15_q & any_up_to_9_1);
      magnitude_held_63 <= weight_step_1_w_next_11_q ^ (weight_step_1_w_next_15_q & any_up_to_10_5);
      magnitude_held_64 <= weight_step_1_w_next_12_q ^ (weight_step_1_w_next_15_q & any_up_to_11_5);
      magnitude_held_65 <= weight_step_1_w_next_13_q ^ (weight_step_1_w_next_15_q & any_up_to_12_5);
      weight_step_2_w_next_5_q <= weight_step_2_w_next[5];
      magnitude_held_66 <= weight_step_2_w_next[15] & any_up_to_4_6;
      weight_step_2_w_next_15_q <= weight_step_2_w_next[15];
      any_up_to_5_q_2 <= any_up_to_4_6 | weight_step_2_w_next[5];
      weight_step_2_w_next_6_q <= weight_step_2_w_next[6];
      weight_step_2_w_next_7_q <= weight_step_2_w_next[7];
      weight_step_2_w_next_8_q <= weight_step_2_w_next[8];
      weight_step_2_w_next_9_q <= weight_step_2_w_next[9];
      weight_step_2_w_next_10_q <= weight_step_2_w_next[10];
      weight_step_2_w_next_11_q <= weight_step_2_w_next[11];
      weight_step_2_w_next_12_q <= weight_step_2_w_next[12];
      weight_step_2_w_next_13_q <= weight_step_2_w_next[13];
      weight_step_2_w_next_14_q <= weight_step_2_w_next[14];
      weight_step_2_w_next_14_q2 <= weight_step_2_w_next_14_q;
      magnitude_held_67 <= weight_step_2_w_next_15_q & any_up_to_13_6;
      weight_step_2_w_next_15_q2 <= weight_step_2_w_next_15_q;
      any_up_to_14_q_2 <= any_up_to_13_6 | weight_step_2_w_next_14_q;
      weight_step_2_w_next_15_q_1 <= weight_step_2_w_next[15];
      weight_step_2_w_next_15_q2_1 <= weight_step_2_w_next_15_q_1;
      weight_step_2_w_next_0_q <= weight_step_2_w_next[0];
      weight_step_2_w_next_0_q2 <= weight_step_2_w_next_0_q;
      magnitude_held_104 <= weight_step_2_w_next[1] ^ (weight_step_2_w_next[15] & weight_step_2_w_next[0]);
      magnitude_held_68 <= magnitude_held_104;
      magnitude_held_105 <= weight_step_2_w_next[2] ^ (weight_step_2_w_next[15] & any_up_to_1_6);
      magnitude_held_69 <= magnitude_held_105;
      magnitude_held_106 <= weight_step_2_w_next[3] ^ (weight_step_2_w_next[15] & any_up_to_2_6);
      magnitude_held_70 <= magnitude_held_106;
      magnitude_held_107 <= weight_step_2_w_next[4] ^ (weight_step_2_w_next[15] & any_up_to_3_6);
      magnitude_held_71 <= magnitude_held_107;
      magnitude_held_72 <= weight_step_2_w_next_5_q ^ magnitude_held_66;
      magnitude_held_73 <= weight_step_2_w_next_6_q ^ (weight_step_2_w_next_15_q & any_up_to_5_q_2);
      magnitude_held_74 <= weight_step_2_w_next_7_q ^ (weight_step_2_w_next_15_q & any_up_to_6_6);
      magnitude_held_75 <= weight_step_2_w_next_8_q ^ (weight_step_2_w_next_15_q & any_up_to_7_6);
      magnitude_held_76 <= weight_step_2_w_next_9_q ^ (weight_step_2_w_next_15_q & any_up_to_8_6);
      magnitude_held_77 <= weight_step_2_w_next_10_q ^ (weight_step_2_w_next_15_q & any_up_to_9_2);
      magnitude_held_78 <= weight_step_2_w_next_11_q ^ (weight_step_2_w_next_15_q & any_up_to_10_6);
      magnitude_held_79 <= weight_step_2_w_next_12_q ^ (weight_step_2_w_next_15_q & any_up_to_11_6);
      magnitude_held_80 <= weight_step_2_w_next_13_q ^ (weight_step_2_w_next_15_q & any_up_to_12_6);
      weight_step_3_w_next_5_q <= weight_step_3_w_next[5];
      magnitude_held_81 <= weight_step_3_w_next[15] & any_up_to_4_7;
      weight_step_3_w_next_15_q <= weight_step_3_w_next[15];
      any_up_to_5_q_3 <= any_up_to_4_7 | weight_step_3_w_next[5];
      weight_step_3_w_next_6_q <= weight_step_3_w_next[6];
      weight_step_3_w_next_7_q <= weight_step_3_w_next[7];
      weight_step_3_w_next_8_q <= weight_step_3_w_next[8];
      weight_step_3_w_next_9_q <= weight_step_3_w_next[9];
      weight_step_3_w_next_10_q <= weight_step_3_w_next[10];
      weight_step_3_w_next_11_q <= weight_step_3_w_next[11];
      weight_step_3_w_next_12_q <= weight_step_3_w_next[12];
      weight_step_3_w_next_13_q <= weight_step_3_w_next[13];
      weight_step_3_w_next_14_q <= weight_step_3_w_next[14];
      weight_step_3_w_next_14_q2 <= weight_step_3_w_next_14_q;
      magnitude_held_82 <= weight_step_3_w_next_15_q & any_up_to_13_7;
      weight_step_3_w_next_15_q2 <= weight_step_3_w_next_15_q;
      any_up_to_14_q_3 <= any_up_to_13_7 | weight_step_3_w_next_14_q;
      weight_step_3_w_next_15_q_1 <= weight_step_3_w_next[15];
      weight_step_3_w_next_15_q2_1 <= weight_step_3_w_next_15_q_1;
      weight_step_3_w_next_0_q <= weight_step_3_w_next[0];
      weight_step_3_w_next_0_q2 <= weight_step_3_w_next_0_q;
      magnitude_held_108 <= weight_step_3_w_next[1] ^ (weight_step_3_w_next[15] & weight_step_3_w_next[0]);
      magnitude_held_83 <= magnitude_held_108;
      magnitude_held_109 <= weight_step_3_w_next[2] ^ (weight_step_3_w_next[15] & any_up_to_1_7);
      magnitude_held_84 <= magnitude_held_109;
      magnitude_held_110 <= weight_step_3_w_next[3] ^ (weight_step_3_w_next[15] & any_up_to_2_7);
      magnitude_held_85 <= magnitude_held_110;
      magnitude_held_111 <= weight_step_3_w_next[4] ^ (weight_step_3_w_next[15] & any_up_to_3_7);
      magnitude_held_86 <= magnitude_held_111;
      magnitude_held_87 <= weight_step_3_w_next_5_q ^ magnitude_held_81;
      magnitude_held_88 <= weight_step_3_w_next_6_q ^ (weight_step_3_w_next_15_q & any_up_to_5_q_3);
      magnitude_held_89 <= weight_step_3_w_next_7_q ^ (weight_step_3_w_next_15_q & any_up_to_6_7);
      magnitude_held_90 <= weight_step_3_w_next_8_q ^ (weight_step_3_w_next_15_q & any_up_to_7_7);
      magnitude_held_91 <= weight_step_3_w_next_9_q ^ (weight_step_3_w_next_15_q & any_up_to_8_7);
      magnitude_held_92 <= weight_step_3_w_next_10_q ^ (weight_step_3_w_next_15_q & any_up_to_9_3);
      magnitude_held_93 <= weight_step_3_w_next_11_q ^ (weight_step_3_w_next_15_q & any_up_to_10_7);
      magnitude_held_94 <= weight_step_3_w_next_12_q ^ (weight_step_3_w_next_15_q & any_up_to_11_7);
      magnitude_held_95 <= weight_step_3_w_next_13_q ^ (weight_step_3_w_next_15_q & any_up_to_12_7);
    end
  end

  // ---- group_update
  wire [3:0] nm_largest_0_kept;
  wire [3:0] nm_largest_1_kept;
  reg kept_q6;
  reg kept_q;
  reg kept_q6_1;
  reg kept_q6_2;
  reg kept_q6_3;
  reg kept_q_1;
  reg kept_q2;
  reg kept_q3;
  reg kept_q4;
  reg kept_q5;
  reg kept_q_2;
  reg kept_q2_1;
  reg kept_q3_1;
  reg kept_q4_1;
  reg kept_q5_1;
  reg kept_q_3;
  reg kept_q2_2;
  reg kept_q3_2;
  reg kept_q4_2;
  reg kept_q5_2;
  reg kept_q_4;
  reg kept_q2_3;
  reg kept_q3_3;
  reg kept_q4_3;
  reg kept_q5_3;
  assign w_next = {weight_step_3_w_next, weight_step_2_w_next, weight_step_1_w_next, weight_step_0_w_next};
  assign changed = {kept_q6_3 ^ nm_largest_1_kept[3], kept_q6_2 ^ nm_largest_1_kept[2], kept_q6_1 ^ nm_largest_1_kept[1],
      kept_q6 ^ kept_q};
  my_sr_ste_update_nm_largest nm_largest_0 (
    .clk(clk),
    .rst(rst),
    .magnitude({magnitude_3, magnitude_2, magnitude_1, magnitude}),
    .w_g_go(w_g_go),
    .kept(nm_largest_0_kept)
  );
  my_sr_ste_update_weight_step weight_step_0 (
    .clk(clk),
    .rst(rst),
    .w(w_0),
    .g(g_0),
    .kept(nm_largest_0_kept[0]),
    .w_g_go(w_g_go),
    .w_next(weight_step_0_w_next)
  );
  my_sr_ste_update_weight_step weight_step_1 (
    .clk(clk),
    .rst(rst),
    .w(w_1),
    .g(g_1),
    .kept(nm_largest_0_kept[1]),
    .w_g_go(w_g_go),
    .w_next(weight_step_1_w_next)
  );
  my_sr_ste_update_weight_step weight_step_2 (
    .clk(clk),
    .rst(rst),
    .w(w_2),
    .g(g_2),
    .kept(nm_largest_0_kept[2]),
    .w_g_go(w_g_go),
    .w_next(weight_step_2_w_next)
  );
  my_sr_ste_update_weight_step weight_step_3 (
    .clk(clk),
    .rst(rst),
    .w(w_3),
    .g(g_3),
    .kept(nm_largest_0_kept[3]),
    .w_g_go(w_g_go),
    .w_next(weight_step_3_w_next)
  );
  my_sr_ste_update_nm_largest_1 nm_largest_1 (
    .clk(clk),
    .rst(rst),
    .magnitude({magnitude_7, magnitude_6, magnitude_5, magnitude_4}),
    .w_g_go(w_g_go),
    .kept(nm_largest_1_kept)
  );
  always @(posedge clk) begin
    if (w_g_go) begin
      kept_q_1 <= nm_largest_0_kept[0];
      kept_q2 <= kept_q_1;
      kept_q3 <= kept_q2;
      kept_q4 <= kept_q3;
      kept_q5 <= kept_q4;
      kept_q6 <= kept_q5;
      kept_q <= nm_largest_1_kept[0];
      kept_q_2 <= nm_largest_0_kept[1];
      kept_q2_1 <= kept_q_2;
      kept_q3_1 <= kept_q2_1;
      kept_q4_1 <= kept_q3_1;
      kept_q5_1 <= kept_q4_1;
      kept_q6_1 <= kept_q5_1;
      kept_q_3 <= nm_largest_0_kept[2];
      kept_q2_2 <= kept_q_3;
      kept_q3_2 <= kept_q2_2;
      kept_q4_2 <= kept_q3_2;
      kept_q5_2 <= kept_q4_2;
      kept_q6_2 <= kept_q5_2;
      kept_q_4 <= nm_largest_0_kept[3];
      kept_q2_3 <= kept_q_4;
      kept_q3_3 <= kept_q2_3;
      kept_q4_3 <= kept_q3_3;
      kept_q5_3 <= kept_q4_3;
      kept_q6_3 <= kept_q5_3;
    end
  end
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

  // ---- magnitude
  wire [15:0] magnitude_0 = magnitude[15:0];
  wire [15:0] magnitude_1 = magnitude[31:16];
  wire [15:0] magnitude_2 = magnitude[47:32];
  wire [15:0] magnitude_3 = magnitude[63:48];
  reg [15:0] magnitude_1_q;
  reg [15:0] magnitude_2_q;
  reg [15:0] magnitude_3_q;
  always @(posedge clk) begin
    if (w_g_go) begin
      magnitude_1_q <= magnitude_1;
      magnitude_2_q <= magnitude_2;
      magnitude_3_q <= magnitude_3;
    end
  end

  // ---- nm_largest
  wire [15:0] complement = ~magnitude_0;
  wire [15:0] complement_1 = ~magnitude_1;
  wire [15:0] complement_2 = ~magnitude_2;
  reg [15:0] complement_q;
  wire [16:0] magnitude_1_q_plus_complement_q = {1'b0, magnitude_1_q} + {1'b0, complement_q}; // 0..=131070
  wire exceeds = magnitude_1_q_plus_complement_q[16];
  wire not_exceeds = ~exceeds;
  wire [16:0] magnitude_2_q_plus_complement_q = {1'b0, magnitude_2_q} + {1'b0, complement_q}; // 0..=131070
  wire exceeds_1 = magnitude_2_q_plus_complement_q[16];
  wire not_exceeds_1 = ~exceeds_1;
  reg [15:0] complement_q_1;
  wire [16:0] magnitude_2_q_plus_complement_q_1 = {1'b0, magnitude_2_q} + {1'b0, complement_q_1}; // 0..=131070
  wire exceeds_2 = magnitude_2_q_plus_complement_q_1[16];
  wire [16:0] magnitude_3_q_plus_complement_q = {1'b0, magnitude_3_q} + {1'b0, complement_q}; // 0..=131070
  wire exceeds_3 = magnitude_3_q_plus_complement_q[16];
  wire not_exceeds_2 = ~exceeds_3;
  wire [16:0] magnitude_3_q_plus_complement_q_1 = {1'b0, magnitude_3_q} + {1'b0, complement_q_1}; // 0..=131070
  wire exceeds_4 = magnitude_3_q_plus_complement_q_1[16];
  reg [15:0] complement_q_2;
  wire [16:0] magnitude_3_q_plus_complement_q_2 = {1'b0, magnitude_3_q} + {1'b0, complement_q_2}; // 0..=131070
  wire exceeds_5 = magnitude_3_q_plus_complement_q_2[16];
  wire not_exceeds_3 = ~exceeds_5;
  wire kept_1 = ~count_number[1];
  wire kept_2 = ~count_number_1[1];
  wire kept_3 = ~count_number_2[1];
  wire kept_4 = ~count_number_3[1];
  assign kept = {kept_4, kept_3, kept_2, kept_1};
  always @(posedge clk) begin
    if (w_g_go) begin
      complement_q <= complement;
      complement_q_1 <= complement_1;
      complement_q_2 <= complement_2;
    end
  end

  // ---- count
  wire count_differ = exceeds ^ exceeds_1;
  wire count_choice = count_differ ? exceeds_3 : exceeds;
  assign count_number = {count_choice, count_differ ^ exceeds_3};
  wire count_differ_1 = not_exceeds ^ exceeds_2;
  wire count_choice_1 = count_differ_1 ? exceeds_4 : not_exceeds;
  assign count_number_1 = {count_choice_1, count_differ_1 ^ exceeds_4};
  wire count_differ_2 = not_exceeds_1 ^ ~exceeds_2;
  wire count_choice_2 = count_differ_2 ? exceeds_5 : not_exceeds_1;
  assign count_number_2 = {count_choice_2, count_differ_2 ^ exceeds_5};
  wire count_differ_3 = not_exceeds_2 ^ ~exceeds_4;
  wire count_choice_3 = count_differ_3 ? not_exceeds_3 : not_exceeds_2;
  assign count_number_3 = {count_choice_3, count_differ_3 ^ not_exceeds_3};
  wire unused_bits = &{1'b0, rst, magnitude_1_q_plus_complement_q[15:0], magnitude_2_q_plus_complement_q[15:0],
      magnitude_2_q_plus_complement_q_1[15:0], magnitude_3_q_plus_complement_q[15:0], magnitude_3_q_plus_complement_q_1[15:0],
      magnitude_3_q_plus_complement_q_2[15:0], count_number[0], count_number_1[0], count_number_2[0], count_number_3[0]};
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
  wire signed [20:0] choice = kept ? 21'd0 : held; // -688124..=688111
  reg signed [29:0] g_shifted_shifted_q3; // -536870912..=536854528
  reg signed [20:0] held_1; // -688124..=688111
  wire signed [30:0] not_sum; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) not_sum_adder (
    .a({g_shifted_shifted_q3[29], g_shifted_shifted_q3}),
    .b({{10{held_1[20]}}, held_1}),
    .sum(not_sum)
  );
  reg signed [35:0] w_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_adder (
    .a({w_shifted_q3[35], w_shifted_q3}),
    .b({{6{not_sum[30]}}, not_sum}),
    .carry_in(1'b1),
    .sum(exact)
  );
  reg signed [36:0] exact_q; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287 = exact_q + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q;
  wire signed [36:0] sum_1 = exact_q_plus_524287 + {36'd0, exact_20_q}; // -34896756720..=34896773116
  reg signed [16:0] held_2; // -33281..=33280
  assign w_next = (held_2 < -17'sd32768) ? 16'sh8000 : (17'sd32767 < held_2) ? 16'd32767 : held_2[15:0];
  reg signed [20:0] held_3; // -688124..=688111
  reg signed [29:0] g_shifted_shifted_q; // -536870912..=536854528
  reg signed [29:0] g_shifted_shifted_q2; // -536870912..=536854528
  reg signed [35:0] w_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_shifted_q2; // -34359738368..=34358689792
  always @(posedge clk) begin
    if (w_g_go) begin
      held_3 <= difference;
      held <= held_3;
      g_shifted_shifted_q <= {g, 14'd0};
      g_shifted_shifted_q2 <= g_shifted_shifted_q;
      g_shifted_shifted_q3 <= g_shifted_shifted_q2;
      held_1 <= choice;
      w_shifted_q <= {w, 20'd0};
      w_shifted_q2 <= w_shifted_q;
      w_shifted_q3 <= w_shifted_q2;
      exact_q <= exact;
      exact_20_q <= exact[20];
      held_2 <= sum_1[36:20];
    end
  end
  wire unused_bits = &{1'b0, rst, sum_1[19:0]};
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

  // ---- magnitude
  wire [15:0] magnitude_0 = magnitude[15:0];
  wire [15:0] magnitude_1 = magnitude[31:16];
  wire [15:0] magnitude_2 = magnitude[47:32];
  wire [15:0] magnitude_3 = magnitude[63:48];

  // ---- nm_largest
  wire [15:0] complement = ~magnitude_0;
  wire [15:0] complement_1 = ~magnitude_1;
  wire [15:0] complement_2 = ~magnitude_2;
  wire [16:0] magnitude_1_plus_complement = {1'b0, magnitude_1} + {1'b0, complement}; // 0..=131070
  wire exceeds = magnitude_1_plus_complement[16];
  wire not_exceeds = ~exceeds;
  wire [16:0] magnitude_2_plus_complement = {1'b0, magnitude_2} + {1'b0, complement}; // 0..=131070
  wire exceeds_1 = magnitude_2_plus_complement[16];
  wire not_exceeds_1 = ~exceeds_1;
  wire [16:0] magnitude_2_plus_complement_1 = {1'b0, magnitude_2} + {1'b0, complement_1}; // 0..=131070
  wire exceeds_2 = magnitude_2_plus_complement_1[16];
  wire [16:0] magnitude_3_plus_complement = {1'b0, magnitude_3} + {1'b0, complement}; // 0..=131070
  wire exceeds_3 = magnitude_3_plus_complement[16];
  wire not_exceeds_2 = ~exceeds_3;
  wire [16:0] magnitude_3_plus_complement_1 = {1'b0, magnitude_3} + {1'b0, complement_1}; // 0..=131070
  wire exceeds_4 = magnitude_3_plus_complement_1[16];
  wire [16:0] magnitude_3_plus_complement_2 = {1'b0, magnitude_3} + {1'b0, complement_2}; // 0..=131070
  wire exceeds_5 = magnitude_3_plus_complement_2[16];
  wire not_exceeds_3 = ~exceeds_5;
  wire kept_1 = ~count_number[1];
  reg held;
  wire kept_2 = ~held;
  reg held_1;
  wire kept_3 = ~held_1;
  reg held_2;
  wire kept_4 = ~held_2;
  assign kept = {kept_4, kept_3, kept_2, kept_1};
  always @(posedge clk) begin
    if (w_g_go) begin
      held <= count_number_1[1];
      held_1 <= count_number_2[1];
      held_2 <= count_number_3[1];
    end
  end

  // ---- count
  wire count_differ = exceeds ^ exceeds_1;
  wire count_choice = count_differ ? exceeds_3 : exceeds;
  assign count_number = {count_choice, count_differ ^ exceeds_3};
  wire count_differ_1 = not_exceeds ^ exceeds_2;
  wire count_choice_1 = count_differ_1 ? exceeds_4 : not_exceeds;
  assign count_number_1 = {count_choice_1, count_differ_1 ^ exceeds_4};
  wire count_differ_2 = not_exceeds_1 ^ ~exceeds_2;
  wire count_choice_2 = count_differ_2 ? exceeds_5 : not_exceeds_1;
  assign count_number_2 = {count_choice_2, count_differ_2 ^ exceeds_5};
  wire count_differ_3 = not_exceeds_2 ^ ~exceeds_4;
  wire count_choice_3 = count_differ_3 ? not_exceeds_3 : not_exceeds_2;
  assign count_number_3 = {count_choice_3, count_differ_3 ^ not_exceeds_3};
  wire unused_bits = &{1'b0, rst, magnitude_1_plus_complement[15:0], magnitude_2_plus_complement[15:0], magnitude_2_plus_complement_1[15:0],
      magnitude_3_plus_complement[15:0], magnitude_3_plus_complement_1[15:0], magnitude_3_plus_complement_2[15:0],
      count_number[0], count_number_1[0], count_number_2[0], count_number_3[0]};
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
