// ---- my_gradient_prune.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// y = g where |g| >= t; else sign(g) * t where (|g| << 16) > r * t; else 0. g is s16, 4 a beat, frames of up to 64; t = the mean of the last 4 thresholds of one of 2 layers, each K(p = 0.9) times the mean |g| of a frame; r of a register of 256 bits
module my_gradient_prune (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire g_valid,
  input  wire [63:0] g_payload, // [16*i +: 16] g i, i = 0..3, signed
  input  wire g_last,
  input  wire layer_valid,
  input  wire layer_payload, // layer
  input  wire y_ready,
  input  wire report_ready,
  output wire g_ready,
  output wire layer_ready,
  output wire y_valid,
  output wire [63:0] y_payload, // [16*i +: 16] y i, i = 0..3, signed
  output wire y_last,
  output wire report_valid,
  output wire [36:0] report_payload // [14:0] threshold; [29:15] measured; [36:30] nonzeros, 0..=64
);

  // ---- driven further down
  wire threshold_ready;
  wire threshold_reported_stage_go;
  wire threshold_reported_ready;
  wire measured_ready;
  wire g_pruned_threshold_used_go;
  wire g_pruned_ready;
  wire threshold_used_ready;
  wire [255:0] random_word;
  wire g_pruned_threshold_used_ready;
  wire y_counted_go;
  wire y_counted_ready;
  wire nonzeros_ready;
  wire threshold_reported_measured_ready;
  wire y_leaves_stage_go;
  reg [15:0] y_leaves_stage_0;
  reg [15:0] y_leaves_stage_1;
  reg [15:0] y_leaves_stage_2;
  reg [15:0] y_leaves_stage_3;

  // ---- g
  reg g_pruned_done;
  wire g_pruned_served = g_pruned_done | g_pruned_ready;
  reg g_measured_done;
  wire g_valid_and_not_g_pruned_done = g_valid & ~g_pruned_done;
  wire follow_threshold_gradients_ready;
  wire g_measured_served = g_measured_done | follow_threshold_gradients_ready;
  assign g_ready = g_pruned_served & g_measured_served;
  always @(posedge clk) begin
    if (rst) begin
      g_pruned_done <= 1'b0;
      g_measured_done <= 1'b0;
    end else if (g_valid) begin
      g_pruned_done <= ~g_ready & g_pruned_served;
      g_measured_done <= ~g_ready & g_measured_served;
    end
  end

  // ---- magnitude_sum_layer_scales
  wire [14:0] measured_stage_next;

  // ---- measured
  reg measured_stage_valid;
  wire measured_stage_go = ~measured_stage_valid | measured_ready;
  wire follow_threshold_measured_valid;
  reg [14:0] measured_stage;
  always @(posedge clk) begin
    if (rst) begin
      measured_stage_valid <= 1'b0;
    end else if (measured_stage_go) begin
      measured_stage_valid <= follow_threshold_measured_valid;
    end
  end
  always @(posedge clk) begin
    if (measured_stage_go) begin
      measured_stage <= measured_stage_next;
    end
  end

  // ---- my_gradient_prune
  wire follow_threshold_threshold_valid;
  wire [14:0] threshold_reported_stage_next;
  reg [14:0] threshold_predicted_q;
  wire [30:0] prune_0_scaled_threshold; // 0..=2147385345
  wire [30:0] prune_1_scaled_threshold; // 0..=2147385345
  wire [30:0] prune_2_scaled_threshold; // 0..=2147385345
  wire [30:0] prune_3_scaled_threshold; // 0..=2147385345
  wire signed [15:0] prune_0_pruned;
  wire signed [15:0] prune_1_pruned;
  wire signed [15:0] prune_2_pruned;
  wire signed [15:0] prune_3_pruned;
  my_gradient_prune_follow_threshold follow_threshold (
    .clk(clk), .rst(rst),
    .gradients_valid(g_valid & ~g_measured_done), .gradients_payload(g_payload), .gradients_last(g_last),
    .gradients_ready(follow_threshold_gradients_ready),
    .layer_valid(layer_valid), .layer_payload(layer_payload), .layer_ready(layer_ready),
    .threshold_ready(threshold_ready), .threshold_valid(follow_threshold_threshold_valid),
    .threshold_payload(threshold_reported_stage_next),
    .measured_ready(measured_stage_go), .measured_valid(follow_threshold_measured_valid),
    .measured_payload(measured_stage_next)
  );
  my_gradient_prune_scale_threshold scale_threshold_0 (
    .clk(clk), .rst(rst),
    .r(random_word[15:0]), .threshold_q(threshold_predicted_q),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .scaled_threshold(prune_0_scaled_threshold)
  );
  my_gradient_prune_scale_threshold scale_threshold_1 (
    .clk(clk), .rst(rst),
    .r(random_word[31:16]), .threshold_q(threshold_predicted_q),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .scaled_threshold(prune_1_scaled_threshold)
  );
  my_gradient_prune_scale_threshold scale_threshold_2 (
    .clk(clk), .rst(rst),
    .r(random_word[47:32]), .threshold_q(threshold_predicted_q),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .scaled_threshold(prune_2_scaled_threshold)
  );
  my_gradient_prune_scale_threshold scale_threshold_3 (
    .clk(clk), .rst(rst),
    .r(random_word[63:48]), .threshold_q(threshold_predicted_q),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .scaled_threshold(prune_3_scaled_threshold)
  );
  my_gradient_prune_prune prune_0 (
    .clk(clk), .rst(rst),
    .g(g_payload[15:0]), .threshold(threshold_reported_stage_next), .scaled_threshold(prune_0_scaled_threshold),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .pruned(prune_0_pruned)
  );
  my_gradient_prune_prune prune_1 (
    .clk(clk), .rst(rst),
    .g(g_payload[31:16]), .threshold(threshold_reported_stage_next), .scaled_threshold(prune_1_scaled_threshold),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .pruned(prune_1_pruned)
  );
  my_gradient_prune_prune prune_2 (
    .clk(clk), .rst(rst),
    .g(g_payload[47:32]), .threshold(threshold_reported_stage_next), .scaled_threshold(prune_2_scaled_threshold),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .pruned(prune_2_pruned)
  );
  my_gradient_prune_prune prune_3 (
    .clk(clk), .rst(rst),
    .g(g_payload[63:48]), .threshold(threshold_reported_stage_next), .scaled_threshold(prune_3_scaled_threshold),
    .g_pruned_threshold_used_go(g_pruned_threshold_used_go), .pruned(prune_3_pruned)
  );
  always @(posedge clk) begin
    if (g_pruned_threshold_used_go) begin
      threshold_predicted_q <= threshold_reported_stage_next;
    end
  end

  // ---- threshold
  reg threshold_used_done;
  wire threshold_both = follow_threshold_threshold_valid & ~threshold_used_done;
  wire threshold_used_served = threshold_used_done | threshold_used_ready;
  reg threshold_reported_done;
  wire threshold_reported_served = threshold_reported_done | threshold_reported_stage_go;
  assign threshold_ready = threshold_used_served & threshold_reported_served;
  always @(posedge clk) begin
    if (rst) begin
      threshold_used_done <= 1'b0;
      threshold_reported_done <= 1'b0;
    end else if (follow_threshold_threshold_valid) begin
      threshold_used_done <= ~threshold_ready & threshold_used_served;
      threshold_reported_done <= ~threshold_ready & threshold_reported_served;
    end
  end

  // ---- threshold_reported
  reg threshold_reported_stage_valid;
  assign threshold_reported_stage_go = ~threshold_reported_stage_valid | threshold_reported_ready;
  reg [14:0] threshold_reported_stage;
  always @(posedge clk) begin
    if (rst) begin
      threshold_reported_stage_valid <= 1'b0;
    end else if (threshold_reported_stage_go) begin
      threshold_reported_stage_valid <= follow_threshold_threshold_valid & ~threshold_reported_done;
    end
  end
  always @(posedge clk) begin
    if (threshold_reported_stage_go) begin
      threshold_reported_stage <= threshold_reported_stage_next;
    end
  end

  // ---- threshold_reported_measured
  wire threshold_reported_measured_valid = threshold_reported_stage_valid & measured_stage_valid;
  assign threshold_reported_ready = threshold_reported_measured_ready & measured_stage_valid;
  assign measured_ready = threshold_reported_measured_ready & threshold_reported_stage_valid;

  // ---- g_pruned_threshold_used
  reg g_pruned_threshold_used_valid_q2;
  assign g_pruned_threshold_used_go = ~g_pruned_threshold_used_valid_q2 | g_pruned_threshold_used_ready;
  assign g_pruned_ready = g_pruned_threshold_used_go & threshold_both;
  assign threshold_used_ready = (g_pruned_threshold_used_go & g_valid_and_not_g_pruned_done) & g_last;
  wire g_pruned_threshold_used_valid = g_valid_and_not_g_pruned_done & threshold_both;
  reg g_pruned_threshold_used_valid_q1;
  reg g_pruned_threshold_used_last_q1;
  reg g_pruned_threshold_used_last_q2;
  always @(posedge clk) begin
    if (rst) begin
      g_pruned_threshold_used_valid_q1 <= 1'b0;
      g_pruned_threshold_used_valid_q2 <= 1'b0;
    end else if (g_pruned_threshold_used_go) begin
      g_pruned_threshold_used_valid_q1 <= g_pruned_threshold_used_valid;
      g_pruned_threshold_used_valid_q2 <= g_pruned_threshold_used_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (g_pruned_threshold_used_go) begin
      g_pruned_threshold_used_last_q1 <= g_last;
      g_pruned_threshold_used_last_q2 <= g_pruned_threshold_used_last_q1;
    end
  end

  // ---- random
  reg [31:0] random_0;
  reg [31:0] random_1;
  reg [31:0] random_2;
  reg [31:0] random_3;
  reg [31:0] random_4;
  reg [31:0] random_5;
  reg [31:0] random_6;
  reg [31:0] random_7;
  assign random_word = {random_7, random_6, random_5, random_4, random_3, random_2, random_1, random_0};
  wire [63:0] random_fresh = ((random_word[63:0] ^ random_word[250:187]) ^ random_word[188:125]) ^ random_word[123:60];
  wire [255:0] random_word_1 = {random_fresh, random_word[255:64]};
  wire random_0_enable = g_pruned_threshold_used_valid & g_pruned_threshold_used_go;
  always @(posedge clk) begin
    if (rst) begin
      random_0 <= 32'd269157861;
      random_1 <= 32'd1452414493;
      random_2 <= 32'd2298633409;
      random_3 <= 32'd2433363436;
      random_4 <= 32'd1703865447;
      random_5 <= 32'd3203108257;
      random_6 <= 32'd4214379870;
      random_7 <= 32'd4170425070;
    end else if (random_0_enable) begin
      random_0 <= random_word_1[31:0];
      random_1 <= random_word_1[63:32];
      random_2 <= random_word_1[95:64];
      random_3 <= random_word_1[127:96];
      random_4 <= random_word_1[159:128];
      random_5 <= random_word_1[191:160];
      random_6 <= random_word_1[223:192];
      random_7 <= random_word_1[255:224];
    end
  end

  // ---- y
  reg y_leaves_done;
  wire y_leaves_served = y_leaves_done | y_leaves_stage_go;
  reg y_counted_done;
  wire y_counted_served = y_counted_done | y_counted_go;
  assign g_pruned_threshold_used_ready = y_leaves_served & y_counted_served;
  assign y_payload = {y_leaves_stage_3, y_leaves_stage_2, y_leaves_stage_1, y_leaves_stage_0};
  always @(posedge clk) begin
    if (rst) begin
      y_leaves_done <= 1'b0;
      y_counted_done <= 1'b0;
    end else if (g_pruned_threshold_used_valid_q2) begin
      y_leaves_done <= ~g_pruned_threshold_used_ready & y_leaves_served;
      y_counted_done <= ~g_pruned_threshold_used_ready & y_counted_served;
    end
  end

  // ---- y_counted
  reg y_counted_valid_q1;
  reg y_counted_stage_valid;
  wire y_counted_stage_go = ~y_counted_stage_valid | y_counted_ready;
  assign y_counted_go = ~y_counted_valid_q1 | y_counted_stage_go;
  reg prune_0_pruned_is_not_0_q;
  reg prune_1_pruned_is_not_0_q;
  wire [1:0] y_counted_sum = {1'b0, prune_0_pruned_is_not_0_q} + {1'b0, prune_1_pruned_is_not_0_q}; // 0..=2
  reg prune_2_pruned_is_not_0_q;
  reg prune_3_pruned_is_not_0_q;
  wire [1:0] y_counted_sum_1 = {1'b0, prune_2_pruned_is_not_0_q} + {1'b0, prune_3_pruned_is_not_0_q}; // 0..=2
  wire [2:0] y_counted_stage_next = {1'b0, y_counted_sum} + {1'b0, y_counted_sum_1}; // 0..=4
  reg y_counted_last_q1;
  reg [2:0] y_counted_stage; // 0..=4
  reg y_counted_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_counted_valid_q1 <= 1'b0;
    end else if (y_counted_go) begin
      y_counted_valid_q1 <= g_pruned_threshold_used_valid_q2 & ~y_counted_done;
    end
  end
  always @(posedge clk) begin
    if (y_counted_go) begin
      y_counted_last_q1 <= g_pruned_threshold_used_last_q2;
      prune_0_pruned_is_not_0_q <= prune_0_pruned != 16'sd0;
      prune_1_pruned_is_not_0_q <= prune_1_pruned != 16'sd0;
      prune_2_pruned_is_not_0_q <= prune_2_pruned != 16'sd0;
      prune_3_pruned_is_not_0_q <= prune_3_pruned != 16'sd0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      y_counted_stage_valid <= 1'b0;
    end else if (y_counted_stage_go) begin
      y_counted_stage_valid <= y_counted_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (y_counted_stage_go) begin
      y_counted_stage <= y_counted_stage_next;
      y_counted_stage_last <= y_counted_last_q1;
    end
  end

  // ---- nonzeros
  reg nonzeros_valid;
  assign y_counted_ready = ~nonzeros_valid | nonzeros_ready;
  reg nonzeros_start;
  reg [6:0] nonzeros; // 0..=64
  wire [6:0] nonzeros_before = nonzeros_start ? 7'd0 : nonzeros; // 0..=64
  wire nonzeros_start_enable = y_counted_stage_valid & y_counted_ready;
  wire [6:0] nonzeros_next = nonzeros_before + {4'd0, y_counted_stage}; // 0..=68
  always @(posedge clk) begin
    if (rst) begin
      nonzeros_valid <= 1'b0;
    end else begin
      nonzeros_valid <= (nonzeros_start_enable & y_counted_stage_last) | (nonzeros_valid & ~nonzeros_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      nonzeros_start <= 1'b1;
    end else if (nonzeros_start_enable) begin
      nonzeros_start <= y_counted_stage_last;
    end
  end
  always @(posedge clk) begin
    if (nonzeros_start_enable) begin
      nonzeros <= nonzeros_next;
    end
  end

  // ---- threshold_reported_measured_nonzeros
  assign nonzeros_ready = report_ready & threshold_reported_measured_valid;
  assign threshold_reported_measured_ready = report_ready & nonzeros_valid;
  wire threshold_reported_measured_nonzeros_valid = threshold_reported_measured_valid & nonzeros_valid;
  assign report_valid = threshold_reported_measured_nonzeros_valid;

  // ---- y_leaves
  reg y_leaves_stage_valid;
  assign y_leaves_stage_go = ~y_leaves_stage_valid | y_ready;
  reg y_leaves_stage_last;
  assign y_valid = y_leaves_stage_valid;
  assign y_last = y_leaves_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_leaves_stage_valid <= 1'b0;
    end else if (y_leaves_stage_go) begin
      y_leaves_stage_valid <= g_pruned_threshold_used_valid_q2 & ~y_leaves_done;
    end
  end
  always @(posedge clk) begin
    if (y_leaves_stage_go) begin
      y_leaves_stage_0 <= prune_0_pruned;
      y_leaves_stage_1 <= prune_1_pruned;
      y_leaves_stage_2 <= prune_2_pruned;
      y_leaves_stage_3 <= prune_3_pruned;
      y_leaves_stage_last <= g_pruned_threshold_used_last_q2;
    end
  end

  // ---- report
  assign report_payload = {nonzeros, measured_stage, threshold_reported_stage};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if (~rst && (7'd64 < nonzeros_next)) begin
      $display("%m: nonzeros_next is assumed to be 0..=64 (src/datapath/gradient_prune/folded.rs), not %0d", nonzeros_next);
      $finish;
    end
  end
`endif
endmodule

// ---- my_gradient_prune_follow_threshold.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// the threshold of each frame, as predicted, and as its own magnitudes measure it
module my_gradient_prune_follow_threshold (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire gradients_valid,
  input  wire [63:0] gradients_payload, // [16*i +: 16] gradients i, i = 0..3, signed
  input  wire gradients_last,
  input  wire layer_valid,
  input  wire layer_payload,
  input  wire threshold_ready,
  input  wire measured_ready,
  output wire gradients_ready,
  output wire layer_ready,
  output wire threshold_valid,
  output wire [14:0] threshold_payload,
  output wire measured_valid,
  output wire [14:0] measured_payload
);

  // ---- driven further down
  wire layer_recalls_ready;
  reg measured_pushed_done;
  wire gradients_go;
  wire gradients_ready_1;
  reg magnitude_sum_layer_scales_valid_q1;
  wire layer_scales_ready;
  wire magnitude_sum_ready;
  wire [14:0] measured;

  // ---- g
  wire signed [15:0] gradients_0 = gradients_payload[15:0];
  wire signed [15:0] gradients_1 = gradients_payload[31:16];
  wire signed [15:0] gradients_2 = gradients_payload[47:32];
  wire signed [15:0] gradients_3 = gradients_payload[63:48];
  assign gradients_ready = gradients_go;

  // ---- layer
  reg layer_scales_done;
  wire layer_scales_served = layer_scales_done | layer_scales_ready;
  reg layer_recalls_done;
  wire layer_recalls_served = layer_recalls_done | layer_recalls_ready;
  assign layer_ready = layer_scales_served & layer_recalls_served;
  wire layer_both = layer_valid & ~layer_scales_done;
  always @(posedge clk) begin
    if (rst) begin
      layer_scales_done <= 1'b0;
      layer_recalls_done <= 1'b0;
    end else if (layer_valid) begin
      layer_scales_done <= ~layer_ready & layer_scales_served;
      layer_recalls_done <= ~layer_ready & layer_recalls_served;
    end
  end

  // ---- follow_threshold
  reg threshold_offered;
  reg threshold_given;
  wire measured_pushed_ready = threshold_offered & (threshold_given | threshold_ready);
  reg layer_recalled;
  reg clearing;
  assign layer_recalls_ready = ~(layer_recalled | threshold_offered) & ~clearing;
  wire layer_recalled_next = (layer_valid & ~layer_recalls_done) & layer_recalls_ready;
  reg [19:0] histories_word;
  wire history_full = histories_word[0];
  wire [1:0] history_place = histories_word[2:1];
  wire [16:0] history_sum = histories_word[19:3];
  reg layer_now;
  wire [14:0] threshold_predicted = history_full ? history_sum[16:2] : 15'd0;
  assign threshold_valid = threshold_offered & ~threshold_given;
  wire history_moves = (magnitude_sum_layer_scales_valid_q1 & ~measured_pushed_done) & measured_pushed_ready;
  wire [2:0] thresholds_address = {layer_now, history_place};
  reg [14:0] thresholds_word;
  wire [14:0] history_full_choice = history_full ? thresholds_word : 15'd0;
  wire signed [17:0] difference = {1'b0, history_sum} - {3'd0, history_full_choice}; // -32767..=131071
  wire signed [18:0] sum = {difference[17], difference} + {4'd0, measured}; // -32767..=163838
  wire [2:0] history_place_plus_1 = {1'b0, history_place} + 3'd1; // 1..=4
  reg cleared;
  wire cleared_is_1 = cleared == 1'b1;
  wire [19:0] word = {sum[16:0], history_place_plus_1[1:0], history_full | (history_place == 2'd3)};
  wire histories_write_address = clearing ? cleared : layer_now;
  wire [19:0] histories_written = clearing ? 20'h0 : word;
  assign threshold_payload = threshold_predicted;
  always @(posedge clk) begin
    if (rst) begin
      layer_recalled <= 1'b0;
      threshold_offered <= 1'b0;
      threshold_given <= 1'b0;
      clearing <= 1'b1;
    end else begin
      layer_recalled <= layer_recalled_next;
      threshold_offered <= layer_recalled | (threshold_offered & ~history_moves);
      threshold_given <= (threshold_given | (threshold_offered & threshold_ready)) & ~history_moves;
      clearing <= clearing & ~cleared_is_1;
    end
  end
  always @(posedge clk) begin
    if (layer_recalled_next) begin
      layer_now <= layer_payload;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      cleared <= 1'b0;
    end else if (clearing) begin
      cleared <= ~cleared_is_1;
    end
  end
  (* no_rw_check *) reg [19:0] histories [0:1];
  always @(posedge clk) begin
    if (clearing | history_moves) begin
      histories[histories_write_address] <= histories_written;
    end
  end
  always @(posedge clk) begin
    if (layer_recalled_next) begin
      histories_word <= histories[layer_payload];
    end
  end
  (* no_rw_check *) reg [14:0] thresholds [0:7];
  always @(posedge clk) begin
    if (history_moves) begin
      thresholds[thresholds_address] <= measured;
    end
  end
  always @(posedge clk) begin
    if (layer_recalled) begin
      thresholds_word <= thresholds[thresholds_address];
    end
  end

  // ---- measured
  wire measured_pushed_served = measured_pushed_done | measured_pushed_ready;
  reg measured_reported_done;
  wire measured_reported_served = measured_reported_done | measured_ready;
  wire magnitude_sum_layer_scales_ready = measured_pushed_served & measured_reported_served;
  assign measured_valid = magnitude_sum_layer_scales_valid_q1 & ~measured_reported_done;
  always @(posedge clk) begin
    if (rst) begin
      measured_pushed_done <= 1'b0;
      measured_reported_done <= 1'b0;
    end else if (magnitude_sum_layer_scales_valid_q1) begin
      measured_pushed_done <= ~magnitude_sum_layer_scales_ready & measured_pushed_served;
      measured_reported_done <= ~magnitude_sum_layer_scales_ready & measured_reported_served;
    end
  end

  // ---- gradients
  reg gradients_valid_q1;
  reg gradients_stage_valid;
  wire gradients_stage_go = ~gradients_stage_valid | gradients_ready_1;
  assign gradients_go = ~gradients_valid_q1 | gradients_stage_go;
  wire sign = gradients_0[15];
  wire [14:0] low = gradients_0[14:0] ^ {15{sign}};
  wire sign_1 = gradients_1[15];
  wire [14:0] low_1 = gradients_1[14:0] ^ {15{sign_1}};
  wire sign_2 = gradients_2[15];
  wire [14:0] low_2 = gradients_2[14:0] ^ {15{sign_2}};
  wire sign_3 = gradients_3[15];
  wire [14:0] low_3 = gradients_3[14:0] ^ {15{sign_3}};
  wire [15:0] sum_0_to_1;
  my_gradient_prune_widening_adder_with_carry #(.WIDTH(15)) sum_0_to_1_adder (
    .a(low), .b(low_1), .carry_in(sign & (low != 15'd32767)), .sum(sum_0_to_1)
  );
  wire [15:0] sum_2_to_3;
  my_gradient_prune_widening_adder_with_carry #(.WIDTH(15)) sum_2_to_3_adder (
    .a(low_2), .b(low_3), .carry_in(sign_1 & (low_1 != 15'd32767)), .sum(sum_2_to_3)
  );
  reg [15:0] sum_0_to_1_q;
  reg [15:0] sum_2_to_3_q;
  reg sign_and_low_is_not_32767_q;
  wire [16:0] sum_0_to_3;
  my_gradient_prune_widening_adder_with_carry #(.WIDTH(16)) sum_0_to_3_adder (
    .a(sum_0_to_1_q), .b(sum_2_to_3_q), .carry_in(sign_and_low_is_not_32767_q), .sum(sum_0_to_3)
  );
  reg gradients_last_q1;
  reg gradients_stage_carry_next;
  reg [16:0] gradients_stage_sum;
  reg gradients_stage_carry;
  reg gradients_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      gradients_valid_q1 <= 1'b0;
    end else if (gradients_go) begin
      gradients_valid_q1 <= gradients_valid;
    end
  end
  always @(posedge clk) begin
    if (gradients_go) begin
      gradients_last_q1 <= gradients_last;
      sum_0_to_1_q <= sum_0_to_1;
      sum_2_to_3_q <= sum_2_to_3;
      sign_and_low_is_not_32767_q <= sign_2 & (low_2 != 15'd32767);
      gradients_stage_carry_next <= sign_3 & (low_3 != 15'd32767);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradients_stage_valid <= 1'b0;
    end else if (gradients_stage_go) begin
      gradients_stage_valid <= gradients_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (gradients_stage_go) begin
      gradients_stage_sum <= sum_0_to_3;
      gradients_stage_carry <= gradients_stage_carry_next;
      gradients_stage_last <= gradients_last_q1;
    end
  end

  // ---- magnitude_sum
  reg magnitude_sum_valid;
  assign gradients_ready_1 = ~magnitude_sum_valid | magnitude_sum_ready;
  reg magnitude_sum_start;
  reg [20:0] magnitude_sum; // 0..=2097088
  wire [20:0] magnitude_sum_before = magnitude_sum_start ? 21'd0 : magnitude_sum; // 0..=2097088
  wire magnitude_sum_start_enable = gradients_stage_valid & gradients_ready_1;
  wire [21:0] magnitude_sum_next; // 0..=2228160
  my_gradient_prune_widening_adder_with_carry #(.WIDTH(21)) magnitude_sum_next_adder (
    .a(magnitude_sum_before), .b({4'd0, gradients_stage_sum}), .carry_in(gradients_stage_carry),
    .sum(magnitude_sum_next)
  );
  always @(posedge clk) begin
    if (rst) begin
      magnitude_sum_valid <= 1'b0;
    end else begin
      magnitude_sum_valid <= (magnitude_sum_start_enable & gradients_stage_last) | (magnitude_sum_valid & ~magnitude_sum_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      magnitude_sum_start <= 1'b1;
    end else if (magnitude_sum_start_enable) begin
      magnitude_sum_start <= gradients_stage_last;
    end
  end
  always @(posedge clk) begin
    if (magnitude_sum_start_enable) begin
      magnitude_sum <= magnitude_sum_next[20:0];
    end
  end

  // ---- magnitude_sum_layer_scales
  wire magnitude_sum_layer_scales_go = ~magnitude_sum_layer_scales_valid_q1 | magnitude_sum_layer_scales_ready;
  assign layer_scales_ready = magnitude_sum_layer_scales_go & magnitude_sum_valid;
  assign magnitude_sum_ready = magnitude_sum_layer_scales_go & layer_both;
  wire magnitude_sum_layer_scales_valid = magnitude_sum_valid & layer_both;
  wire [32:0] magnitude_sum_layer_scales_sum; // 0..=4429049856
  my_gradient_prune_widening_adder #(.WIDTH(32)) magnitude_sum_layer_scales_sum_adder (
    .a({5'd0, magnitude_sum, 6'd0}), .b({magnitude_sum, 11'd0}), .sum(magnitude_sum_layer_scales_sum)
  );
  wire signed [33:0] magnitude_sum_layer_scales_difference = {1'b0, magnitude_sum_layer_scales_sum} - {13'd0, magnitude_sum}; // -2097088..=4429049856
  wire [36:0] layer_payload_shifted_choice = layer_payload ? {magnitude_sum_layer_scales_difference[32:0], 4'd0} : {1'b0,
      magnitude_sum_layer_scales_difference[32:0], 3'd0}; // 0..=137438953456
  reg [36:0] layer_payload_shifted_choice_q; // 0..=137438953456
  wire [37:0] magnitude_sum_layer_scales_sum_1 = {1'b0, layer_payload_shifted_choice_q} + 38'd262144; // 262144..=137439215600
  assign measured = (19'd32767 < magnitude_sum_layer_scales_sum_1[37:19]) ? 15'd32767 : magnitude_sum_layer_scales_sum_1[33:19];
  assign measured_payload = measured;
  always @(posedge clk) begin
    if (rst) begin
      magnitude_sum_layer_scales_valid_q1 <= 1'b0;
    end else if (magnitude_sum_layer_scales_go) begin
      magnitude_sum_layer_scales_valid_q1 <= magnitude_sum_layer_scales_valid;
    end
  end
  always @(posedge clk) begin
    if (magnitude_sum_layer_scales_go) begin
      layer_payload_shifted_choice_q <= layer_payload_shifted_choice;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if (~rst && (22'd2097088 < magnitude_sum_next)) begin
      $display("%m: magnitude_sum_next is assumed to be 0..=2097088 (src/datapath/gradient_prune/folded.rs), not %0d", magnitude_sum_next);
      $finish;
    end
    if ((~rst && history_moves) && ((sum < 19'sd0) || (19'sd131071 < sum))) begin
      $display("%m: number is assumed to be 0..=131071 (src/datapath/gradient_prune/follow.rs), not %0d", sum);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, magnitude_sum_layer_scales_difference[33], magnitude_sum_layer_scales_sum_1[18:0],
      history_place_plus_1[2]};
endmodule

// ---- my_gradient_prune_scale_threshold.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// r times the threshold
module my_gradient_prune_scale_threshold (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [15:0] r,
  input  wire [14:0] threshold_q,
  input  wire g_pruned_threshold_used_go,
  output wire [30:0] scaled_threshold // 0..=2147385345
);

  // ---- g_pruned_threshold_used
  reg [15:0] r_q;
  always @(posedge clk) begin
    if (g_pruned_threshold_used_go) begin
      r_q <= r;
    end
  end

  // ---- scale_threshold
  assign scaled_threshold = {15'd0, r_q} * {16'd0, threshold_q}; // 0..=2147385345
  wire unused_bits = &{1'b0, rst};
endmodule

// ---- my_gradient_prune_prune.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// g, or the threshold with its sign, or 0
module my_gradient_prune_prune (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [15:0] g,
  input  wire [14:0] threshold,
  input  wire [30:0] scaled_threshold, // 0..=2147385345
  input  wire g_pruned_threshold_used_go,
  output wire signed [15:0] pruned
);

  // ---- g
  reg signed [15:0] g_q2;
  reg signed [15:0] g_q;
  always @(posedge clk) begin
    if (g_pruned_threshold_used_go) begin
      g_q <= g;
      g_q2 <= g_q;
    end
  end

  // ---- prune
  wire sign = g[15];
  wire [14:0] low = g[14:0] ^ {15{sign}};
  wire signed [15:0] threshold_below = {1'b0, threshold} - 16'd1; // -1..=32766
  wire [16:0] passes_sum = {1'b0, threshold_below[14:0], 1'b1} + {1'b0, ~{low, sign}}; // 0..=131070
  reg threshold_below_below_0_q;
  reg not_passes_sum_shifted_q;
  wire passes = threshold_below_below_0_q | not_passes_sum_shifted_q;
  reg [15:0] keeps_bound_q;
  reg [15:0] turned_q2;
  wire [16:0] keeps_sum = {1'b0, keeps_bound_q} + {1'b0, turned_q2}; // 0..=131070
  wire keeps = ~keeps_sum[16];
  wire signed [15:0] step = sign ? ~threshold_below : {1'b0, threshold}; // -32767..=32767
  reg signed [15:0] step_q2; // -32767..=32767
  wire signed [15:0] keeps_choice = keeps ? step_q2 : 16'd0; // -32767..=32767
  reg passes_q;
  assign pruned = passes_q ? g_q2 : keeps_choice;
  reg [15:0] turned_q;
  reg signed [15:0] step_q; // -32767..=32767
  always @(posedge clk) begin
    if (g_pruned_threshold_used_go) begin
      threshold_below_below_0_q <= threshold_below < 16'sd0;
      not_passes_sum_shifted_q <= ~passes_sum[16];
      keeps_bound_q <= {scaled_threshold[30:16], 1'b1};
      turned_q <= ~{low, sign};
      turned_q2 <= turned_q;
      step_q <= step;
      step_q2 <= step_q;
      passes_q <= passes;
    end
  end
  wire unused_bits = &{1'b0, rst, scaled_threshold[15:0], passes_sum[15:0], keeps_sum[15:0]};
endmodule

// ---- my_gradient_prune_widening_adder_with_carry.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// sum = a + b + carry_in, of unsigned numbers; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_gradient_prune_widening_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH:0] sum
);
  assign sum = ({1'b0, a} + {1'b0, b}) + carry_in;
endmodule

// ---- my_gradient_prune_widening_adder.v
// Design my_gradient_prune, text <hash>, written by ternlet <version>
// sum = a + b, of unsigned numbers; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_gradient_prune_widening_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH:0] sum
);
  assign sum = {1'b0, a} + {1'b0, b};
endmodule
