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
  wire kept;
  wire kept_1;
  wire kept_2;
  wire kept_3;
  wire kept_6;
  wire kept_7;
  reg kept_q6;
  reg kept_q;
  reg kept_q6_2;
  reg kept_q6_3;
  wire [1:0] count_number;
  wire [1:0] count_number_1;
  wire [1:0] count_number_2;
  wire [1:0] count_number_3;
  wire [1:0] count_number_4;
  wire [1:0] count_number_5;
  wire [1:0] count_number_6;
  wire [1:0] count_number_7;
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
  wire signed [20:0] w_g_sum; // -557056..=557039
  my_sr_ste_update_adder #(.WIDTH(21)) w_g_sum_adder (
    .a({{5{w_payload[15]}}, w_payload[15:0]}),
    .b({w_payload[15], w_payload[15:0], 4'd0}),
    .sum(w_g_sum)
  );
  wire signed [20:0] w_g_difference = w_g_sum - {{3{w_payload[15]}}, w_payload[15:0], 2'd0}; // -688124..=688111
  reg signed [20:0] w_g_held; // -688124..=688111
  wire signed [20:0] w_g_choice = kept ? 21'd0 : w_g_held; // -688124..=688111
  reg signed [29:0] g_0_shifted_shifted_q3; // -536870912..=536854528
  reg signed [20:0] w_g_held_1; // -688124..=688111
  wire signed [30:0] w_g_not_sum; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) w_g_not_sum_adder (
    .a({g_0_shifted_shifted_q3[29], g_0_shifted_shifted_q3}),
    .b({{10{w_g_held_1[20]}}, w_g_held_1}),
    .sum(w_g_not_sum)
  );
  reg signed [35:0] w_0_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_adder (
    .a({w_0_shifted_q3[35], w_0_shifted_q3}),
    .b({{6{w_g_not_sum[30]}}, w_g_not_sum}),
    .carry_in(1'b1),
    .sum(exact)
  );
  reg signed [36:0] exact_q; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287 = exact_q + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q;
  wire signed [36:0] w_g_sum_1 = exact_q_plus_524287 + {36'd0, exact_20_q}; // -34896756720..=34896773116
  reg signed [16:0] w_g_held_2; // -33281..=33280
  wire signed [15:0] w_next = (w_g_held_2 < -17'sd32768) ? 16'sh8000 : (17'sd32767 < w_g_held_2) ? 16'd32767 : w_g_held_2[15:0];
  wire signed [20:0] w_g_sum_2; // -557056..=557039
  my_sr_ste_update_adder #(.WIDTH(21)) w_g_sum_2_adder (
    .a({{5{w_payload[31]}}, w_payload[31:16]}),
    .b({w_payload[31], w_payload[31:16], 4'd0}),
    .sum(w_g_sum_2)
  );
  wire signed [20:0] w_g_difference_1 = w_g_sum_2 - {{3{w_payload[31]}}, w_payload[31:16], 2'd0}; // -688124..=688111
  reg signed [20:0] w_g_held_3; // -688124..=688111
  wire signed [20:0] w_g_choice_1 = kept_1 ? 21'd0 : w_g_held_3; // -688124..=688111
  reg signed [29:0] g_1_shifted_shifted_q3; // -536870912..=536854528
  reg signed [20:0] w_g_held_4; // -688124..=688111
  wire signed [30:0] w_g_not_sum_1; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) w_g_not_sum_1_adder (
    .a({g_1_shifted_shifted_q3[29], g_1_shifted_shifted_q3}),
    .b({{10{w_g_held_4[20]}}, w_g_held_4}),
    .sum(w_g_not_sum_1)
  );
  reg signed [35:0] w_1_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact_1; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_1_adder (
    .a({w_1_shifted_q3[35], w_1_shifted_q3}),
    .b({{6{w_g_not_sum_1[30]}}, w_g_not_sum_1}),
    .carry_in(1'b1),
    .sum(exact_1)
  );
  reg signed [36:0] exact_q_1; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287_1 = exact_q_1 + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q_1;
  wire signed [36:0] w_g_sum_3 = exact_q_plus_524287_1 + {36'd0, exact_20_q_1}; // -34896756720..=34896773116
  reg signed [16:0] w_g_held_5; // -33281..=33280
  wire signed [15:0] w_next_1 = (w_g_held_5 < -17'sd32768) ? 16'sh8000 : (17'sd32767 < w_g_held_5) ? 16'd32767 : w_g_held_5[15:0];
  wire signed [20:0] w_g_sum_4; // -557056..=557039
  my_sr_ste_update_adder #(.WIDTH(21)) w_g_sum_4_adder (
    .a({{5{w_payload[47]}}, w_payload[47:32]}),
    .b({w_payload[47], w_payload[47:32], 4'd0}),
    .sum(w_g_sum_4)
  );
  wire signed [20:0] w_g_difference_2 = w_g_sum_4 - {{3{w_payload[47]}}, w_payload[47:32], 2'd0}; // -688124..=688111
  reg signed [20:0] w_g_held_6; // -688124..=688111
  wire signed [20:0] w_g_choice_2 = kept_2 ? 21'd0 : w_g_held_6; // -688124..=688111
  reg signed [29:0] g_2_shifted_shifted_q3; // -536870912..=536854528
  reg signed [20:0] w_g_held_7; // -688124..=688111
  wire signed [30:0] w_g_not_sum_2; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) w_g_not_sum_2_adder (
    .a({g_2_shifted_shifted_q3[29], g_2_shifted_shifted_q3}),
    .b({{10{w_g_held_7[20]}}, w_g_held_7}),
    .sum(w_g_not_sum_2)
  );
  reg signed [35:0] w_2_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact_2; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_2_adder (
    .a({w_2_shifted_q3[35], w_2_shifted_q3}),
    .b({{6{w_g_not_sum_2[30]}}, w_g_not_sum_2}),
    .carry_in(1'b1),
    .sum(exact_2)
  );
  reg signed [36:0] exact_q_2; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287_2 = exact_q_2 + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q_2;
  wire signed [36:0] w_g_sum_5 = exact_q_plus_524287_2 + {36'd0, exact_20_q_2}; // -34896756720..=34896773116
  reg signed [16:0] w_g_held_8; // -33281..=33280
  wire signed [15:0] w_next_2 = (w_g_held_8 < -17'sd32768) ? 16'sh8000 : (17'sd32767 < w_g_held_8) ? 16'd32767 : w_g_held_8[15:0];
  wire signed [20:0] w_g_sum_6; // -557056..=557039
  my_sr_ste_update_adder #(.WIDTH(21)) w_g_sum_6_adder (
    .a({{5{w_payload[63]}}, w_payload[63:48]}),
    .b({w_payload[63], w_payload[63:48], 4'd0}),
    .sum(w_g_sum_6)
  );
  wire signed [20:0] w_g_difference_3 = w_g_sum_6 - {{3{w_payload[63]}}, w_payload[63:48], 2'd0}; // -688124..=688111
  reg signed [20:0] w_g_held_9; // -688124..=688111
  wire signed [20:0] w_g_choice_3 = kept_3 ? 21'd0 : w_g_held_9; // -688124..=688111
  reg signed [29:0] g_3_shifted_shifted_q3; // -536870912..=536854528
  reg signed [20:0] w_g_held_10; // -688124..=688111
  wire signed [30:0] w_g_not_sum_3; // -537542640..=537559035
  my_sr_ste_update_inverted_adder #(.WIDTH(31)) w_g_not_sum_3_adder (
    .a({g_3_shifted_shifted_q3[29], g_3_shifted_shifted_q3}),
    .b({{10{w_g_held_10[20]}}, w_g_held_10}),
    .sum(w_g_not_sum_3)
  );
  reg signed [35:0] w_3_shifted_q3; // -34359738368..=34358689792
  wire signed [36:0] exact_3; // -34897281007..=34896248828
  my_sr_ste_update_adder_with_carry #(.WIDTH(37)) exact_3_adder (
    .a({w_3_shifted_q3[35], w_3_shifted_q3}),
    .b({{6{w_g_not_sum_3[30]}}, w_g_not_sum_3}),
    .carry_in(1'b1),
    .sum(exact_3)
  );
  reg signed [36:0] exact_q_3; // -34897281007..=34896248828
  wire signed [36:0] exact_q_plus_524287_3 = exact_q_3 + 37'd524287; // -34896756720..=34896773115
  reg exact_20_q_3;
  wire signed [36:0] w_g_sum_7 = exact_q_plus_524287_3 + {36'd0, exact_20_q_3}; // -34896756720..=34896773116
  reg signed [16:0] w_g_held_11; // -33281..=33280
  wire signed [15:0] w_next_3 = (w_g_held_11 < -17'sd32768) ? 16'sh8000 : (17'sd32767 < w_g_held_11) ? 16'd32767 : w_g_held_11[15:0];
  wire w_g_differ = kept_q6 ^ kept_q;
  wire w_g_differ_1 = kept_q6_2 ^ kept_6;
  wire w_g_differ_2 = kept_q6_3 ^ kept_7;
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
  reg signed [20:0] w_g_held_12; // -688124..=688111
  reg signed [29:0] g_0_shifted_shifted_q; // -536870912..=536854528
  reg signed [29:0] g_0_shifted_shifted_q2; // -536870912..=536854528
  reg signed [35:0] w_0_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_0_shifted_q2; // -34359738368..=34358689792
  reg signed [20:0] w_g_held_13; // -688124..=688111
  reg signed [29:0] g_1_shifted_shifted_q; // -536870912..=536854528
  reg signed [29:0] g_1_shifted_shifted_q2; // -536870912..=536854528
  reg signed [35:0] w_1_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_1_shifted_q2; // -34359738368..=34358689792
  reg signed [20:0] w_g_held_14; // -688124..=688111
  reg signed [29:0] g_2_shifted_shifted_q; // -536870912..=536854528
  reg signed [29:0] g_2_shifted_shifted_q2; // -536870912..=536854528
  reg signed [35:0] w_2_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_2_shifted_q2; // -34359738368..=34358689792
  reg signed [20:0] w_g_held_15; // -688124..=688111
  reg signed [29:0] g_3_shifted_shifted_q; // -536870912..=536854528
  reg signed [29:0] g_3_shifted_shifted_q2; // -536870912..=536854528
  reg signed [35:0] w_3_shifted_q; // -34359738368..=34358689792
  reg signed [35:0] w_3_shifted_q2; // -34359738368..=34358689792
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
      w_g_held_12 <= w_g_difference;
      w_g_held <= w_g_held_12;
      g_0_shifted_shifted_q <= {g_payload[15:0], 14'd0};
      g_0_shifted_shifted_q2 <= g_0_shifted_shifted_q;
      g_0_shifted_shifted_q3 <= g_0_shifted_shifted_q2;
      w_g_held_1 <= w_g_choice;
      w_0_shifted_q <= {w_payload[15:0], 20'd0};
      w_0_shifted_q2 <= w_0_shifted_q;
      w_0_shifted_q3 <= w_0_shifted_q2;
      exact_q <= exact;
      exact_20_q <= exact[20];
      w_g_held_2 <= w_g_sum_1[36:20];
      w_g_held_13 <= w_g_difference_1;
      w_g_held_3 <= w_g_held_13;
      g_1_shifted_shifted_q <= {g_payload[31:16], 14'd0};
      g_1_shifted_shifted_q2 <= g_1_shifted_shifted_q;
      g_1_shifted_shifted_q3 <= g_1_shifted_shifted_q2;
      w_g_held_4 <= w_g_choice_1;
      w_1_shifted_q <= {w_payload[31:16], 20'd0};
      w_1_shifted_q2 <= w_1_shifted_q;
      w_1_shifted_q3 <= w_1_shifted_q2;
      exact_q_1 <= exact_1;
      exact_20_q_1 <= exact_1[20];
      w_g_held_5 <= w_g_sum_3[36:20];
      w_g_held_14 <= w_g_difference_2;
      w_g_held_6 <= w_g_held_14;
      g_2_shifted_shifted_q <= {g_payload[47:32], 14'd0};
      g_2_shifted_shifted_q2 <= g_2_shifted_shifted_q;
      g_2_shifted_shifted_q3 <= g_2_shifted_shifted_q2;
      w_g_held_7 <= w_g_choice_2;
      w_2_shifted_q <= {w_payload[47:32], 20'd0};
      w_2_shifted_q2 <= w_2_shifted_q;
      w_2_shifted_q3 <= w_2_shifted_q2;
      exact_q_2 <= exact_2;
      exact_20_q_2 <= exact_2[20];
      w_g_held_8 <= w_g_sum_5[36:20];
      w_g_held_15 <= w_g_difference_3;
      w_g_held_9 <= w_g_held_15;
      g_3_shifted_shifted_q <= {g_payload[63:48], 14'd0};
      g_3_shifted_shifted_q2 <= g_3_shifted_shifted_q;
      g_3_shifted_shifted_q3 <= g_3_shifted_shifted_q2;
      w_g_held_10 <= w_g_choice_3;
      w_3_shifted_q <= {w_payload[63:48], 20'd0};
      w_3_shifted_q2 <= w_3_shifted_q;
      w_3_shifted_q3 <= w_3_shifted_q2;
      exact_q_3 <= exact_3;
      exact_20_q_3 <= exact_3[20];
      w_g_held_11 <= w_g_sum_7[36:20];
      w_next_q <= w_next;
      w_next_q2 <= w_next_q;
      w_next_q3 <= w_next_q2;
      w_next_q_1 <= w_next_1;
      w_next_q2_1 <= w_next_q_1;
      w_next_q3_1 <= w_next_q2_1;
      w_next_q_2 <= w_next_2;
      w_next_q2_2 <= w_next_q_2;
      w_next_q3_2 <= w_next_q2_2;
      w_next_q_3 <= w_next_3;
      w_next_q2_3 <= w_next_q_3;
      w_next_q3_3 <= w_next_q2_3;
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

  // ---- w_g: magnitude
  wire any_up_to_1 = w_payload[0] | w_payload[1];
  wire any_up_to_2 = any_up_to_1 | w_payload[2];
  wire any_up_to_3 = any_up_to_2 | w_payload[3];
  wire any_up_to_4 = any_up_to_3 | w_payload[4];
  wire any_up_to_5 = any_up_to_4 | w_payload[5];
  wire any_up_to_6 = any_up_to_5 | w_payload[6];
  wire any_up_to_7 = any_up_to_6 | w_payload[7];
  wire any_up_to_8 = any_up_to_7 | w_payload[8];
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
  wire any_up_to_1_1 = w_payload[16] | w_payload[17];
  wire any_up_to_2_1 = any_up_to_1_1 | w_payload[18];
  wire any_up_to_3_1 = any_up_to_2_1 | w_payload[19];
  wire any_up_to_4_1 = any_up_to_3_1 | w_payload[20];
  wire any_up_to_5_1 = any_up_to_4_1 | w_payload[21];
  wire any_up_to_6_1 = any_up_to_5_1 | w_payload[22];
  wire any_up_to_7_1 = any_up_to_6_1 | w_payload[23];
  wire any_up_to_8_1 = any_up_to_7_1 | w_payload[24];
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
  wire any_up_to_1_2 = w_payload[32] | w_payload[33];
  wire any_up_to_2_2 = any_up_to_1_2 | w_payload[34];
  wire any_up_to_3_2 = any_up_to_2_2 | w_payload[35];
  wire any_up_to_4_2 = any_up_to_3_2 | w_payload[36];
  wire any_up_to_5_2 = any_up_to_4_2 | w_payload[37];
  wire any_up_to_6_2 = any_up_to_5_2 | w_payload[38];
  wire any_up_to_7_2 = any_up_to_6_2 | w_payload[39];
  wire any_up_to_8_2 = any_up_to_7_2 | w_payload[40];
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
  wire any_up_to_1_3 = w_payload[48] | w_payload[49];
  wire any_up_to_2_3 = any_up_to_1_3 | w_payload[50];
  wire any_up_to_3_3 = any_up_to_2_3 | w_payload[51];
  wire any_up_to_4_3 = any_up_to_3_3 | w_payload[52];
  wire any_up_to_5_3 = any_up_to_4_3 | w_payload[53];
  wire any_up_to_6_3 = any_up_to_5_3 | w_payload[54];
  wire any_up_to_7_3 = any_up_to_6_3 | w_payload[55];
  wire any_up_to_8_3 = any_up_to_7_3 | w_payload[56];
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
  reg [15:0] magnitude_q;
  reg [15:0] magnitude_q_1;
  reg [15:0] magnitude_q_2;
  wire any_up_to_1_4 = w_next[0] | w_next[1];
  wire any_up_to_2_4 = any_up_to_1_4 | w_next[2];
  wire any_up_to_3_4 = any_up_to_2_4 | w_next[3];
  wire any_up_to_4_4 = any_up_to_3_4 | w_next[4];
  reg w_next_5_q;
  reg magnitude_held_36;
  reg w_next_15_q;
  reg any_up_to_5_q;
  reg w_next_6_q;
  wire any_up_to_6_4 = any_up_to_5_q | w_next_6_q;
  reg w_next_7_q;
  wire any_up_to_7_4 = any_up_to_6_4 | w_next_7_q;
  reg w_next_8_q;
  wire any_up_to_8_4 = any_up_to_7_4 | w_next_8_q;
  reg w_next_9_q;
  wire any_up_to_9 = any_up_to_8_4 | w_next_9_q;
  reg w_next_10_q;
  wire any_up_to_10_4 = any_up_to_9 | w_next_10_q;
  reg w_next_11_q;
  wire any_up_to_11_4 = any_up_to_10_4 | w_next_11_q;
  reg w_next_12_q;
  wire any_up_to_12_4 = any_up_to_11_4 | w_next_12_q;
  reg w_next_13_q;
  wire any_up_to_13_4 = any_up_to_12_4 | w_next_13_q;
  reg w_next_14_q2;
  reg magnitude_held_37;
  reg w_next_14_q;
  reg w_next_15_q2;
  reg any_up_to_14_q;
  reg w_next_15_q2_1;
  reg w_next_0_q2;
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
  wire [15:0] magnitude_4 = {w_next_15_q2_1 ^ (w_next_15_q2 & any_up_to_14_q), w_next_14_q2 ^ magnitude_held_37,
      magnitude_held_50, magnitude_held_49, magnitude_held_48, magnitude_held_47, magnitude_held_46, magnitude_held_45,
      magnitude_held_44, magnitude_held_43, magnitude_held_42, magnitude_held_41, magnitude_held_40, magnitude_held_39,
      magnitude_held_38, w_next_0_q2};
  wire any_up_to_1_5 = w_next_1[0] | w_next_1[1];
  wire any_up_to_2_5 = any_up_to_1_5 | w_next_1[2];
  wire any_up_to_3_5 = any_up_to_2_5 | w_next_1[3];
  wire any_up_to_4_5 = any_up_to_3_5 | w_next_1[4];
  reg w_next_5_q_1;
  reg magnitude_held_51;
  reg w_next_15_q_1;
  reg any_up_to_5_q_1;
  reg w_next_6_q_1;
  wire any_up_to_6_5 = any_up_to_5_q_1 | w_next_6_q_1;
  reg w_next_7_q_1;
  wire any_up_to_7_5 = any_up_to_6_5 | w_next_7_q_1;
  reg w_next_8_q_1;
  wire any_up_to_8_5 = any_up_to_7_5 | w_next_8_q_1;
  reg w_next_9_q_1;
  wire any_up_to_9_1 = any_up_to_8_5 | w_next_9_q_1;
  reg w_next_10_q_1;
  wire any_up_to_10_5 = any_up_to_9_1 | w_next_10_q_1;
  reg w_next_11_q_1;
  wire any_up_to_11_5 = any_up_to_10_5 | w_next_11_q_1;
  reg w_next_12_q_1;
  wire any_up_to_12_5 = any_up_to_11_5 | w_next_12_q_1;
  reg w_next_13_q_1;
  wire any_up_to_13_5 = any_up_to_12_5 | w_next_13_q_1;
  reg w_next_14_q2_1;
  reg magnitude_held_52;
  reg w_next_14_q_1;
  reg w_next_15_q2_2;
  reg any_up_to_14_q_1;
  reg w_next_15_q2_3;
  reg w_next_0_q2_1;
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
  wire [15:0] magnitude_5 = {w_next_15_q2_3 ^ (w_next_15_q2_2 & any_up_to_14_q_1), w_next_14_q2_1 ^ magnitude_held_52,
      magnitude_held_65, magnitude_held_64, magnitude_held_63, magnitude_held_62, magnitude_held_61, magnitude_held_60,
      magnitude_held_59, magnitude_held_58, magnitude_held_57, magnitude_held_56, magnitude_held_55, magnitude_held_54,
      magnitude_held_53, w_next_0_q2_1};
  wire any_up_to_1_6 = w_next_2[0] | w_next_2[1];
  wire any_up_to_2_6 = any_up_to_1_6 | w_next_2[2];
  wire any_up_to_3_6 = any_up_to_2_6 | w_next_2[3];
  wire any_up_to_4_6 = any_up_to_3_6 | w_next_2[4];
  reg w_next_5_q_2;
  reg magnitude_held_66;
  reg w_next_15_q_2;
  reg any_up_to_5_q_2;
  reg w_next_6_q_2;
  wire any_up_to_6_6 = any_up_to_5_q_2 | w_next_6_q_2;
  reg w_next_7_q_2;
  wire any_up_to_7_6 = any_up_to_6_6 | w_next_7_q_2;
  reg w_next_8_q_2;
  wire any_up_to_8_6 = any_up_to_7_6 | w_next_8_q_2;
  reg w_next_9_q_2;
  wire any_up_to_9_2 = any_up_to_8_6 | w_next_9_q_2;
  reg w_next_10_q_2;
  wire any_up_to_10_6 = any_up_to_9_2 | w_next_10_q_2;
  reg w_next_11_q_2;
  wire any_up_to_11_6 = any_up_to_10_6 | w_next_11_q_2;
  reg w_next_12_q_2;
  wire any_up_to_12_6 = any_up_to_11_6 | w_next_12_q_2;
  reg w_next_13_q_2;
  wire any_up_to_13_6 = any_up_to_12_6 | w_next_13_q_2;
  reg w_next_14_q2_2;
  reg magnitude_held_67;
  reg w_next_14_q_2;
  reg w_next_15_q2_4;
  reg any_up_to_14_q_2;
  reg w_next_15_q2_5;
  reg w_next_0_q2_2;
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
  wire [15:0] magnitude_6 = {w_next_15_q2_5 ^ (w_next_15_q2_4 & any_up_to_14_q_2), w_next_14_q2_2 ^ magnitude_held_67,
      magnitude_held_80, magnitude_held_79, magnitude_held_78, magnitude_held_77, magnitude_held_76, magnitude_held_75,
      magnitude_held_74, magnitude_held_73, magnitude_held_72, magnitude_held_71, magnitude_held_70, magnitude_held_69,
      magnitude_held_68, w_next_0_q2_2};
  wire any_up_to_1_7 = w_next_3[0] | w_next_3[1];
  wire any_up_to_2_7 = any_up_to_1_7 | w_next_3[2];
  wire any_up_to_3_7 = any_up_to_2_7 | w_next_3[3];
  wire any_up_to_4_7 = any_up_to_3_7 | w_next_3[4];
  reg w_next_5_q_3;
  reg magnitude_held_81;
  reg w_next_15_q_3;
  reg any_up_to_5_q_3;
  reg w_next_6_q_3;
  wire any_up_to_6_7 = any_up_to_5_q_3 | w_next_6_q_3;
  reg w_next_7_q_3;
  wire any_up_to_7_7 = any_up_to_6_7 | w_next_7_q_3;
  reg w_next_8_q_3;
  wire any_up_to_8_7 = any_up_to_7_7 | w_next_8_q_3;
  reg w_next_9_q_3;
  wire any_up_to_9_3 = any_up_to_8_7 | w_next_9_q_3;
  reg w_next_10_q_3;
  wire any_up_to_10_7 = any_up_to_9_3 | w_next_10_q_3;
  reg w_next_11_q_3;
  wire any_up_to_11_7 = any_up_to_10_7 | w_next_11_q_3;
  reg w_next_12_q_3;
  wire any_up_to_12_7 = any_up_to_11_7 | w_next_12_q_3;
  reg w_next_13_q_3;
  wire any_up_to_13_7 = any_up_to_12_7 | w_next_13_q_3;
  reg w_next_14_q2_3;
  reg magnitude_held_82;
  reg w_next_14_q_3;
  reg w_next_15_q2_6;
  reg any_up_to_14_q_3;
  reg w_next_15_q2_7;
  reg w_next_0_q2_3;
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
  wire [15:0] magnitude_7 = {w_next_15_q2_7 ^ (w_next_15_q2_6 & any_up_to_14_q_3), w_next_14_q2_3 ^ magnitude_held_82,
      magnitude_held_95, magnitude_held_94, magnitude_held_93, magnitude_held_92, magnitude_held_91, magnitude_held_90,
      magnitude_held_89, magnitude_held_88, magnitude_held_87, magnitude_held_86, magnitude_held_85, magnitude_held_84,
      magnitude_held_83, w_next_0_q2_3};
  reg w_next_15_q_4;
  reg w_next_0_q;
  reg magnitude_held_96;
  reg magnitude_held_97;
  reg magnitude_held_98;
  reg magnitude_held_99;
  reg w_next_15_q_5;
  reg w_next_0_q_1;
  reg magnitude_held_100;
  reg magnitude_held_101;
  reg magnitude_held_102;
  reg magnitude_held_103;
  reg w_next_15_q_6;
  reg w_next_0_q_2;
  reg magnitude_held_104;
  reg magnitude_held_105;
  reg magnitude_held_106;
  reg magnitude_held_107;
  reg w_next_15_q_7;
  reg w_next_0_q_3;
  reg magnitude_held_108;
  reg magnitude_held_109;
  reg magnitude_held_110;
  reg magnitude_held_111;
  always @(posedge clk) begin
    if (w_g_go) begin
      w_0_9_q <= w_payload[9];
      magnitude_held <= w_payload[15] & any_up_to_8;
      w_0_15_q <= w_payload[15];
      any_up_to_9_q <= any_up_to_8 | w_payload[9];
      w_0_10_q <= w_payload[10];
      w_0_11_q <= w_payload[11];
      w_0_12_q <= w_payload[12];
      w_0_13_q <= w_payload[13];
      w_0_14_q <= w_payload[14];
      w_0_15_q_1 <= w_payload[15];
      w_0_0_q <= w_payload[0];
      magnitude_held_1 <= w_payload[1] ^ (w_payload[15] & w_payload[0]);
      magnitude_held_2 <= w_payload[2] ^ (w_payload[15] & any_up_to_1);
      magnitude_held_3 <= w_payload[3] ^ (w_payload[15] & any_up_to_2);
      magnitude_held_4 <= w_payload[4] ^ (w_payload[15] & any_up_to_3);
      magnitude_held_5 <= w_payload[5] ^ (w_payload[15] & any_up_to_4);
      magnitude_held_6 <= w_payload[6] ^ (w_payload[15] & any_up_to_5);
      magnitude_held_7 <= w_payload[7] ^ (w_payload[15] & any_up_to_6);
      magnitude_held_8 <= w_payload[8] ^ (w_payload[15] & any_up_to_7);
      w_1_9_q <= w_payload[25];
      magnitude_held_9 <= w_payload[31] & any_up_to_8_1;
      w_1_15_q <= w_payload[31];
      any_up_to_9_q_1 <= any_up_to_8_1 | w_payload[25];
      w_1_10_q <= w_payload[26];
      w_1_11_q <= w_payload[27];
      w_1_12_q <= w_payload[28];
      w_1_13_q <= w_payload[29];
      w_1_14_q <= w_payload[30];
      w_1_15_q_1 <= w_payload[31];
      w_1_0_q <= w_payload[16];
      magnitude_held_10 <= w_payload[17] ^ (w_payload[31] & w_payload[16]);
      magnitude_held_11 <= w_payload[18] ^ (w_payload[31] & any_up_to_1_1);
      magnitude_held_12 <= w_payload[19] ^ (w_payload[31] & any_up_to_2_1);
      magnitude_held_13 <= w_payload[20] ^ (w_payload[31] & any_up_to_3_1);
      magnitude_held_14 <= w_payload[21] ^ (w_payload[31] & any_up_to_4_1);
      magnitude_held_15 <= w_payload[22] ^ (w_payload[31] & any_up_to_5_1);
      magnitude_held_16 <= w_payload[23] ^ (w_payload[31] & any_up_to_6_1);
      magnitude_held_17 <= w_payload[24] ^ (w_payload[31] & any_up_to_7_1);
      w_2_9_q <= w_payload[41];
      magnitude_held_18 <= w_payload[47] & any_up_to_8_2;
      w_2_15_q <= w_payload[47];
      any_up_to_9_q_2 <= any_up_to_8_2 | w_payload[41];
      w_2_10_q <= w_payload[42];
      w_2_11_q <= w_payload[43];
      w_2_12_q <= w_payload[44];
      w_2_13_q <= w_payload[45];
      w_2_14_q <= w_payload[46];
      w_2_15_q_1 <= w_payload[47];
      w_2_0_q <= w_payload[32];
      magnitude_held_19 <= w_payload[33] ^ (w_payload[47] & w_payload[32]);
      magnitude_held_20 <= w_payload[34] ^ (w_payload[47] & any_up_to_1_2);
      magnitude_held_21 <= w_payload[35] ^ (w_payload[47] & any_up_to_2_2);
      magnitude_held_22 <= w_payload[36] ^ (w_payload[47] & any_up_to_3_2);
      magnitude_held_23 <= w_payload[37] ^ (w_payload[47] & any_up_to_4_2);
      magnitude_held_24 <= w_payload[38] ^ (w_payload[47] & any_up_to_5_2);
      magnitude_held_25 <= w_payload[39] ^ (w_payload[47] & any_up_to_6_2);
      magnitude_held_26 <= w_payload[40] ^ (w_payload[47] & any_up_to_7_2);
      w_3_9_q <= w_payload[57];
      magnitude_held_27 <= w_payload[63] & any_up_to_8_3;
      w_3_15_q <= w_payload[63];
      any_up_to_9_q_3 <= any_up_to_8_3 | w_payload[57];
      w_3_10_q <= w_payload[58];
      w_3_11_q <= w_payload[59];
      w_3_12_q <= w_payload[60];
      w_3_13_q <= w_payload[61];
      w_3_14_q <= w_payload[62];
      w_3_15_q_1 <= w_payload[63];
      w_3_0_q <= w_payload[48];
      magnitude_held_28 <= w_payload[49] ^ (w_payload[63] & w_payload[48]);
      magnitude_held_29 <= w_payload[50] ^ (w_payload[63] & any_up_to_1_3);
      magnitude_held_30 <= w_payload[51] ^ (w_payload[63] & any_up_to_2_3);
      magnitude_held_31 <= w_payload[52] ^ (w_payload[63] & any_up_to_3_3);
      magnitude_held_32 <= w_payload[53] ^ (w_payload[63] & any_up_to_4_3);
      magnitude_held_33 <= w_payload[54] ^ (w_payload[63] & any_up_to_5_3);
      magnitude_held_34 <= w_payload[55] ^ (w_payload[63] & any_up_to_6_3);
      magnitude_held_35 <= w_payload[56] ^ (w_payload[63] & any_up_to_7_3);
      magnitude_q <= magnitude_1;
      magnitude_q_1 <= magnitude_2;
      magnitude_q_2 <= magnitude_3;
      w_next_5_q <= w_next[5];
      magnitude_held_36 <= w_next[15] & any_up_to_4_4;
      w_next_15_q <= w_next[15];
      any_up_to_5_q <= any_up_to_4_4 | w_next[5];
      w_next_6_q <= w_next[6];
      w_next_7_q <= w_next[7];
      w_next_8_q <= w_next[8];
      w_next_9_q <= w_next[9];
      w_next_10_q <= w_next[10];
      w_next_11_q <= w_next[11];
      w_next_12_q <= w_next[12];
      w_next_13_q <= w_next[13];
      w_next_14_q <= w_next[14];
      w_next_14_q2 <= w_next_14_q;
      magnitude_held_37 <= w_next_15_q & any_up_to_13_4;
      w_next_15_q2 <= w_next_15_q;
      any_up_to_14_q <= any_up_to_13_4 | w_next_14_q;
      w_next_15_q_4 <= w_next[15];
      w_next_15_q2_1 <= w_next_15_q_4;
      w_next_0_q <= w_next[0];
      w_next_0_q2 <= w_next_0_q;
      magnitude_held_96 <= w_next[1] ^ (w_next[15] & w_next[0]);
      magnitude_held_38 <= magnitude_held_96;
      magnitude_held_97 <= w_next[2] ^ (w_next[15] & any_up_to_1_4);
      magnitude_held_39 <= magnitude_held_97;
      magnitude_held_98 <= w_next[3] ^ (w_next[15] & any_up_to_2_4);
      magnitude_held_40 <= magnitude_held_98;
      magnitude_held_99 <= w_next[4] ^ (w_next[15] & any_up_to_3_4);
      magnitude_held_41 <= magnitude_held_99;
      magnitude_held_42 <= w_next_5_q ^ magnitude_held_36;
      magnitude_held_43 <= w_next_6_q ^ (w_next_15_q & any_up_to_5_q);
      magnitude_held_44 <= w_next_7_q ^ (w_next_15_q & any_up_to_6_4);
      magnitude_held_45 <= w_next_8_q ^ (w_next_15_q & any_up_to_7_4);
      magnitude_held_46 <= w_next_9_q ^ (w_next_15_q & any_up_to_8_4);
      magnitude_held_47 <= w_next_10_q ^ (w_next_15_q & any_up_to_9);
      magnitude_held_48 <= w_next_11_q ^ (w_next_15_q & any_up_to_10_4);
      magnitude_held_49 <= w_next_12_q ^ (w_next_15_q & any_up_to_11_4);
      magnitude_held_50 <= w_next_13_q ^ (w_next_15_q & any_up_to_12_4);
      w_next_5_q_1 <= w_next_1[5];
      magnitude_held_51 <= w_next_1[15] & any_up_to_4_5;
      w_next_15_q_1 <= w_next_1[15];
      any_up_to_5_q_1 <= any_up_to_4_5 | w_next_1[5];
      w_next_6_q_1 <= w_next_1[6];
      w_next_7_q_1 <= w_next_1[7];
      w_next_8_q_1 <= w_next_1[8];
      w_next_9_q_1 <= w_next_1[9];
      w_next_10_q_1 <= w_next_1[10];
      w_next_11_q_1 <= w_next_1[11];
      w_next_12_q_1 <= w_next_1[12];
      w_next_13_q_1 <= w_next_1[13];
      w_next_14_q_1 <= w_next_1[14];
      w_next_14_q2_1 <= w_next_14_q_1;
      magnitude_held_52 <= w_next_15_q_1 & any_up_to_13_5;
      w_next_15_q2_2 <= w_next_15_q_1;
      any_up_to_14_q_1 <= any_up_to_13_5 | w_next_14_q_1;
      w_next_15_q_5 <= w_next_1[15];
      w_next_15_q2_3 <= w_next_15_q_5;
      w_next_0_q_1 <= w_next_1[0];
      w_next_0_q2_1 <= w_next_0_q_1;
      magnitude_held_100 <= w_next_1[1] ^ (w_next_1[15] & w_next_1[0]);
      magnitude_held_53 <= magnitude_held_100;
      magnitude_held_101 <= w_next_1[2] ^ (w_next_1[15] & any_up_to_1_5);
      magnitude_held_54 <= magnitude_held_101;
      magnitude_held_102 <= w_next_1[3] ^ (w_next_1[15] & any_up_to_2_5);
      magnitude_held_55 <= magnitude_held_102;
      magnitude_held_103 <= w_next_1[4] ^ (w_next_1[15] & any_up_to_3_5);
      magnitude_held_56 <= magnitude_held_103;
      magnitude_held_57 <= w_next_5_q_1 ^ magnitude_held_51;
      magnitude_held_58 <= w_next_6_q_1 ^ (w_next_15_q_1 & any_up_to_5_q_1);
      magnitude_held_59 <= w_next_7_q_1 ^ (w_next_15_q_1 & any_up_to_6_5);
      magnitude_held_60 <= w_next_8_q_1 ^ (w_next_15_q_1 & any_up_to_7_5);
      magnitude_held_61 <= w_next_9_q_1 ^ (w_next_15_q_1 & any_up_to_8_5);
      magnitude_held_62 <= w_next_10_q_1 ^ (w_next_15_q_1 & any_up_to_9_1);
      magnitude_held_63 <= w_next_11_q_1 ^ (w_next_15_q_1 & any_up_to_10_5);
      magnitude_held_64 <= w_next_12_q_1 ^ (w_next_15_q_1 & any_up_to_11_5);
      magnitude_held_65 <= w_next_13_q_1 ^ (w_next_15_q_1 & any_up_to_12_5);
      w_next_5_q_2 <= w_next_2[5];
      magnitude_held_66 <= w_next_2[15] & any_up_to_4_6;
      w_next_15_q_2 <= w_next_2[15];
      any_up_to_5_q_2 <= any_up_to_4_6 | w_next_2[5];
      w_next_6_q_2 <= w_next_2[6];
      w_next_7_q_2 <= w_next_2[7];
      w_next_8_q_2 <= w_next_2[8];
      w_next_9_q_2 <= w_next_2[9];
      w_next_10_q_2 <= w_next_2[10];
      w_next_11_q_2 <= w_next_2[11];
      w_next_12_q_2 <= w_next_2[12];
      w_next_13_q_2 <= w_next_2[13];
      w_next_14_q_2 <= w_next_2[14];
      w_next_14_q2_2 <= w_next_14_q_2;
      magnitude_held_67 <= w_next_15_q_2 & any_up_to_13_6;
      w_next_15_q2_4 <= w_next_15_q_2;
      any_up_to_14_q_2 <= any_up_to_13_6 | w_next_14_q_2;
      w_next_15_q_6 <= w_next_2[15];
      w_next_15_q2_5 <= w_next_15_q_6;
      w_next_0_q_2 <= w_next_2[0];
      w_next_0_q2_2 <= w_next_0_q_2;
      magnitude_held_104 <= w_next_2[1] ^ (w_next_2[15] & w_next_2[0]);
      magnitude_held_68 <= magnitude_held_104;
      magnitude_held_105 <= w_next_2[2] ^ (w_next_2[15] & any_up_to_1_6);
      magnitude_held_69 <= magnitude_held_105;
      magnitude_held_106 <= w_next_2[3] ^ (w_next_2[15] & any_up_to_2_6);
      magnitude_held_70 <= magnitude_held_106;
      magnitude_held_107 <= w_next_2[4] ^ (w_next_2[15] & any_up_to_3_6);
      magnitude_held_71 <= magnitude_held_107;
      magnitude_held_72 <= w_next_5_q_2 ^ magnitude_held_66;
      magnitude_held_73 <= w_next_6_q_2 ^ (w_next_15_q_2 & any_up_to_5_q_2);
      magnitude_held_74 <= w_next_7_q_2 ^ (w_next_15_q_2 & any_up_to_6_6);
      magnitude_held_75 <= w_next_8_q_2 ^ (w_next_15_q_2 & any_up_to_7_6);
      magnitude_held_76 <= w_next_9_q_2 ^ (w_next_15_q_2 & any_up_to_8_6);
      magnitude_held_77 <= w_next_10_q_2 ^ (w_next_15_q_2 & any_up_to_9_2);
      magnitude_held_78 <= w_next_11_q_2 ^ (w_next_15_q_2 & any_up_to_10_6);
      magnitude_held_79 <= w_next_12_q_2 ^ (w_next_15_q_2 & any_up_to_11_6);
      magnitude_held_80 <= w_next_13_q_2 ^ (w_next_15_q_2 & any_up_to_12_6);
      w_next_5_q_3 <= w_next_3[5];
      magnitude_held_81 <= w_next_3[15] & any_up_to_4_7;
      w_next_15_q_3 <= w_next_3[15];
      any_up_to_5_q_3 <= any_up_to_4_7 | w_next_3[5];
      w_next_6_q_3 <= w_next_3[6];
      w_next_7_q_3 <= w_next_3[7];
      w_next_8_q_3 <= w_next_3[8];
      w_next_9_q_3 <= w_next_3[9];
      w_next_10_q_3 <= w_next_3[10];
      w_next_11_q_3 <= w_next_3[11];
      w_next_12_q_3 <= w_next_3[12];
      w_next_13_q_3 <= w_next_3[13];
      w_next_14_q_3 <= w_next_3[14];
      w_next_14_q2_3 <= w_next_14_q_3;
      magnitude_held_82 <= w_next_15_q_3 & any_up_to_13_7;
      w_next_15_q2_6 <= w_next_15_q_3;
      any_up_to_14_q_3 <= any_up_to_13_7 | w_next_14_q_3;
      w_next_15_q_7 <= w_next_3[15];
      w_next_15_q2_7 <= w_next_15_q_7;
      w_next_0_q_3 <= w_next_3[0];
      w_next_0_q2_3 <= w_next_0_q_3;
      magnitude_held_108 <= w_next_3[1] ^ (w_next_3[15] & w_next_3[0]);
      magnitude_held_83 <= magnitude_held_108;
      magnitude_held_109 <= w_next_3[2] ^ (w_next_3[15] & any_up_to_1_7);
      magnitude_held_84 <= magnitude_held_109;
      magnitude_held_110 <= w_next_3[3] ^ (w_next_3[15] & any_up_to_2_7);
      magnitude_held_85 <= magnitude_held_110;
      magnitude_held_111 <= w_next_3[4] ^ (w_next_3[15] & any_up_to_3_7);
      magnitude_held_86 <= magnitude_held_111;
      magnitude_held_87 <= w_next_5_q_3 ^ magnitude_held_81;
      magnitude_held_88 <= w_next_6_q_3 ^ (w_next_15_q_3 & any_up_to_5_q_3);
      magnitude_held_89 <= w_next_7_q_3 ^ (w_next_15_q_3 & any_up_to_6_7);
      magnitude_held_90 <= w_next_8_q_3 ^ (w_next_15_q_3 & any_up_to_7_7);
      magnitude_held_91 <= w_next_9_q_3 ^ (w_next_15_q_3 & any_up_to_8_7);
      magnitude_held_92 <= w_next_10_q_3 ^ (w_next_15_q_3 & any_up_to_9_3);
      magnitude_held_93 <= w_next_11_q_3 ^ (w_next_15_q_3 & any_up_to_10_7);
      magnitude_held_94 <= w_next_12_q_3 ^ (w_next_15_q_3 & any_up_to_11_7);
      magnitude_held_95 <= w_next_13_q_3 ^ (w_next_15_q_3 & any_up_to_12_7);
    end
  end

  // ---- w_g: rank
  wire [15:0] complement = ~magnitude;
  wire [15:0] complement_1 = ~magnitude_1;
  wire [15:0] complement_2 = ~magnitude_2;
  reg [15:0] complement_q;
  wire [16:0] magnitude_q_plus_complement_q = {1'b0, magnitude_q} + {1'b0, complement_q}; // 0..=131070
  wire exceeds = magnitude_q_plus_complement_q[16];
  wire not_exceeds = ~exceeds;
  wire [16:0] magnitude_q_plus_complement_q_1 = {1'b0, magnitude_q_1} + {1'b0, complement_q}; // 0..=131070
  wire exceeds_1 = magnitude_q_plus_complement_q_1[16];
  wire not_exceeds_1 = ~exceeds_1;
  reg [15:0] complement_q_1;
  wire [16:0] magnitude_q_plus_complement_q_2 = {1'b0, magnitude_q_1} + {1'b0, complement_q_1}; // 0..=131070
  wire exceeds_2 = magnitude_q_plus_complement_q_2[16];
  wire [16:0] magnitude_q_plus_complement_q_3 = {1'b0, magnitude_q_2} + {1'b0, complement_q}; // 0..=131070
  wire exceeds_3 = magnitude_q_plus_complement_q_3[16];
  wire not_exceeds_2 = ~exceeds_3;
  wire [16:0] magnitude_q_plus_complement_q_4 = {1'b0, magnitude_q_2} + {1'b0, complement_q_1}; // 0..=131070
  wire exceeds_4 = magnitude_q_plus_complement_q_4[16];
  reg [15:0] complement_q_2;
  wire [16:0] magnitude_q_plus_complement_q_5 = {1'b0, magnitude_q_2} + {1'b0, complement_q_2}; // 0..=131070
  wire exceeds_5 = magnitude_q_plus_complement_q_5[16];
  wire not_exceeds_3 = ~exceeds_5;
  assign kept = ~count_number[1];
  assign kept_1 = ~count_number_1[1];
  assign kept_2 = ~count_number_2[1];
  assign kept_3 = ~count_number_3[1];
  wire [15:0] complement_3 = ~magnitude_4;
  wire [15:0] complement_4 = ~magnitude_5;
  wire [15:0] complement_5 = ~magnitude_6;
  wire [16:0] magnitude_plus_complement = {1'b0, magnitude_5} + {1'b0, complement_3}; // 0..=131070
  wire exceeds_6 = magnitude_plus_complement[16];
  wire not_exceeds_4 = ~exceeds_6;
  wire [16:0] magnitude_plus_complement_1 = {1'b0, magnitude_6} + {1'b0, complement_3}; // 0..=131070
  wire exceeds_7 = magnitude_plus_complement_1[16];
  wire not_exceeds_5 = ~exceeds_7;
  wire [16:0] magnitude_plus_complement_2 = {1'b0, magnitude_6} + {1'b0, complement_4}; // 0..=131070
  wire exceeds_8 = magnitude_plus_complement_2[16];
  wire [16:0] magnitude_plus_complement_3 = {1'b0, magnitude_7} + {1'b0, complement_3}; // 0..=131070
  wire exceeds_9 = magnitude_plus_complement_3[16];
  wire not_exceeds_6 = ~exceeds_9;
  wire [16:0] magnitude_plus_complement_4 = {1'b0, magnitude_7} + {1'b0, complement_4}; // 0..=131070
  wire exceeds_10 = magnitude_plus_complement_4[16];
  wire [16:0] magnitude_plus_complement_5 = {1'b0, magnitude_7} + {1'b0, complement_5}; // 0..=131070
  wire exceeds_11 = magnitude_plus_complement_5[16];
  wire not_exceeds_7 = ~exceeds_11;
  wire kept_4 = ~count_number_4[1];
  reg rank_held;
  wire kept_5 = ~rank_held;
  reg rank_held_1;
  assign kept_6 = ~rank_held_1;
  reg rank_held_2;
  assign kept_7 = ~rank_held_2;
  reg kept_q6_1;
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
  always @(posedge clk) begin
    if (w_g_go) begin
      complement_q <= complement;
      complement_q_1 <= complement_1;
      complement_q_2 <= complement_2;
      rank_held <= count_number_5[1];
      rank_held_1 <= count_number_6[1];
      rank_held_2 <= count_number_7[1];
      kept_q_1 <= kept;
      kept_q2 <= kept_q_1;
      kept_q3 <= kept_q2;
      kept_q4 <= kept_q3;
      kept_q5 <= kept_q4;
      kept_q6 <= kept_q5;
      kept_q <= kept_4;
      kept_q_2 <= kept_1;
      kept_q2_1 <= kept_q_2;
      kept_q3_1 <= kept_q2_1;
      kept_q4_1 <= kept_q3_1;
      kept_q5_1 <= kept_q4_1;
      kept_q6_1 <= kept_q5_1;
      kept_q_3 <= kept_2;
      kept_q2_2 <= kept_q_3;
      kept_q3_2 <= kept_q2_2;
      kept_q4_2 <= kept_q3_2;
      kept_q5_2 <= kept_q4_2;
      kept_q6_2 <= kept_q5_2;
      kept_q_4 <= kept_3;
      kept_q2_3 <= kept_q_4;
      kept_q3_3 <= kept_q2_3;
      kept_q4_3 <= kept_q3_3;
      kept_q5_3 <= kept_q4_3;
      kept_q6_3 <= kept_q5_3;
    end
  end

  // ---- w_g: rank: count
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
  wire count_differ_4 = exceeds_6 ^ exceeds_7;
  wire count_choice_4 = count_differ_4 ? exceeds_9 : exceeds_6;
  assign count_number_4 = {count_choice_4, count_differ_4 ^ exceeds_9};
  wire count_differ_5 = not_exceeds_4 ^ exceeds_8;
  wire count_choice_5 = count_differ_5 ? exceeds_10 : not_exceeds_4;
  assign count_number_5 = {count_choice_5, count_differ_5 ^ exceeds_10};
  wire count_differ_6 = not_exceeds_5 ^ ~exceeds_8;
  wire count_choice_6 = count_differ_6 ? exceeds_11 : not_exceeds_5;
  assign count_number_6 = {count_choice_6, count_differ_6 ^ exceeds_11};
  wire count_differ_7 = not_exceeds_6 ^ ~exceeds_10;
  wire count_choice_7 = count_differ_7 ? not_exceeds_7 : not_exceeds_6;
  assign count_number_7 = {count_choice_7, count_differ_7 ^ not_exceeds_7};

  // ---- w_g_1: count
  wire count_differ_8 = w_g_differ ^ (kept_q6_1 ^ kept_5);
  wire count_differ_9 = count_differ_8 ^ w_g_differ_1;
  wire count_choice_8 = count_differ_8 ? w_g_differ_1 : w_g_differ;
  wire count_both = w_g_differ_2 & count_differ_9;
  wire [2:0] changes = {count_choice_8 & count_both, count_choice_8 ^ count_both, w_g_differ_2 ^ count_differ_9};

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
  wire unused_bits = &{1'b0, g_last, magnitude_q_plus_complement_q[15:0], magnitude_q_plus_complement_q_1[15:0],
      magnitude_q_plus_complement_q_2[15:0], magnitude_q_plus_complement_q_3[15:0], magnitude_q_plus_complement_q_4[15:0],
      magnitude_q_plus_complement_q_5[15:0], count_number[0], count_number_1[0], count_number_2[0], count_number_3[0],
      w_g_sum_1[19:0], w_g_sum_3[19:0], w_g_sum_5[19:0], w_g_sum_7[19:0], magnitude_plus_complement[15:0], magnitude_plus_complement_1[15:0],
      magnitude_plus_complement_2[15:0], magnitude_plus_complement_3[15:0], magnitude_plus_complement_4[15:0], magnitude_plus_complement_5[15:0],
      count_number_4[0], count_number_5[0], count_number_6[0], count_number_7[0], sad_before_plus_w_g_1_stage[5]};
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
