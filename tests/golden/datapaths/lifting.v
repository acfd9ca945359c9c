// ---- my_lifting.v
// Design my_lifting, text <hash>, written by ternlet <version>
// lifting, samples to subbands: 2 levels of frames of up to [64] samples (u8)
module my_lifting (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [7:0] x_payload, // sample
  input  wire x_last,
  input  wire l2_ready,
  input  wire h2_ready,
  input  wire h1_ready,
  output wire x_ready,
  output wire l2_valid,
  output wire [9:0] l2_payload, // coefficient, signed
  output wire l2_last,
  output wire h2_valid,
  output wire [9:0] h2_payload, // coefficient, signed
  output wire h2_last,
  output wire h1_valid,
  output wire [8:0] h1_payload, // coefficient, signed
  output wire h1_last
);

  // ---- low
  wire level_1_low_valid;
  wire [10:0] level_1_low_payload;
  wire level_2_x_ready;

  // ---- h2
  my_lifting_level_2 level_2 (
    .clk(clk), .rst(rst),
    .x_valid(level_1_low_valid), .x_payload(level_1_low_payload), .x_ready(level_2_x_ready),
    .h_ready(h2_ready), .h_valid(h2_valid), .h_payload(h2_payload), .h_last(h2_last),
    .low_ready(l2_ready), .low_valid(l2_valid), .low_payload(l2_payload), .low_last(l2_last)
  );

  // ---- h1
  my_lifting_level_1 level_1 (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload({x_last, x_payload}), .x_ready(x_ready),
    .h_ready(h1_ready), .h_valid(h1_valid), .h_payload(h1_payload), .h_last(h1_last),
    .low_ready(level_2_x_ready), .low_valid(level_1_low_valid), .low_payload(level_1_low_payload)
  );
endmodule

// ---- my_lifting_level_1.v
// Design my_lifting, text <hash>, written by ternlet <version>
// level 1 of the transform: its low band, and what it takes off; frames of [64]
module my_lifting_level_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [8:0] x_payload, // [7:0] x_values; [8] x_ends
  input  wire h_ready,
  input  wire low_ready,
  output wire x_ready,
  output wire h_valid,
  output wire [8:0] h_payload,
  output wire h_last,
  output wire low_valid,
  output wire [10:0] low_payload // [9:0] low_values, -128..=383; [10] low_ends
);

  // ---- driven further down
  wire [19:0] predict_update_y_payload;
  wire predict_update_y_last;
  wire points_1_ready;
  wire predict_update_y_valid;
  reg points_1_done;
  wire points_ready_1;
  wire points_both;

  // ---- x
  wire [7:0] x_values = x_payload[7:0];
  wire x_ends = x_payload[8];

  // ---- h1
  my_lifting_detail_h detail_h (
    .clk(clk), .rst(rst),
    .value(predict_update_y_payload[18:10]), .exists(predict_update_y_payload[19]),
    .x_valid(predict_update_y_valid & ~points_1_done), .x_last(predict_update_y_last), .x_ready(points_1_ready),
    .y_ready(h_ready), .y_valid(h_valid), .y_payload(h_payload), .y_last(h_last)
  );

  // ---- low
  reg low_spilled;
  wire points_0_ready = ~low_spilled;
  reg low_full;
  wire low_load = ~low_full | low_ready;
  reg signed [9:0] low_skid_values; // -128..=383
  wire signed [9:0] low_held_values_next = low_spilled ? low_skid_values : predict_update_y_payload[9:0]; // -128..=383
  reg signed [9:0] low_held_values; // -128..=383
  reg low_skid_ends;
  wire low_held_ends_next = low_spilled ? low_skid_ends : predict_update_y_last;
  reg low_held_ends;
  assign low_payload = {low_held_ends, low_held_values};
  assign low_valid = low_full;
  always @(posedge clk) begin
    if (rst) begin
      low_full <= 1'b0;
    end else if (low_load) begin
      low_full <= low_spilled | points_both;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      low_spilled <= 1'b0;
    end else begin
      low_spilled <= ~low_load & (low_spilled | points_both);
    end
  end
  always @(posedge clk) begin
    if (points_0_ready) begin
      low_skid_values <= predict_update_y_payload[9:0];
      low_skid_ends <= predict_update_y_last;
    end
  end
  always @(posedge clk) begin
    if (low_load) begin
      low_held_values <= low_held_values_next;
      low_held_ends <= low_held_ends_next;
    end
  end

  // ---- level_1
  wire points_ready;
  assign x_ready = points_ready;
  my_lifting_predict_update predict_update (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_values), .x_last(x_ends), .x_ready(points_ready),
    .y_ready(points_ready_1), .y_valid(predict_update_y_valid), .y_payload(predict_update_y_payload),
    .y_last(predict_update_y_last)
  );

  // ---- points
  reg points_0_done;
  wire points_0_served = points_0_done | points_0_ready;
  wire points_1_served = points_1_done | points_1_ready;
  assign points_ready_1 = points_0_served & points_1_served;
  assign points_both = predict_update_y_valid & ~points_0_done;
  always @(posedge clk) begin
    if (rst) begin
      points_0_done <= 1'b0;
      points_1_done <= 1'b0;
    end else if (predict_update_y_valid) begin
      points_0_done <= ~points_ready_1 & points_0_served;
      points_1_done <= ~points_ready_1 & points_1_served;
    end
  end
endmodule

// ---- my_lifting_predict_update.v
// Design my_lifting, text <hash>, written by ternlet <version>
// odd[n] -= (even[n] + even[n + 1]) >> 1, then even[n] += (odd[n - 1] + odd[n] + 2) >> 2, along lines
module my_lifting_predict_update (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [7:0] x_payload,
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [19:0] y_payload, // [9:0] y_even, -128..=383; [18:10] y_odd, -255..=255; [19] y_whole
  output wire y_last
);
  reg full;
  reg waits;
  reg inside_1;
  wire not_inside = ~inside_1;
  reg out_valid;
  wire out_valid_enable = ~out_valid | y_ready;
  wire either = ~waits | (~not_inside & out_valid_enable);
  wire points_ready = ~full | either;
  reg second;
  reg open;
  reg whole;
  reg alone;
  reg signed [8:0] even; // -256..=-1
  wire [8:0] x_payload_shifted_plus_1 = {x_payload, 1'b0} + 9'd1; // 1..=511
  wire signed [9:0] joined_next; // -512..=253
  my_lifting_inverted_adder_with_carry #(.WIDTH(10)) joined_next_adder (
    .a({1'b0, x_payload_shifted_plus_1}), .b({even[8], even}), .carry_in(1'b1), .sum(joined_next)
  );
  reg signed [9:0] joined; // -512..=253
  wire not_open = ~open;
  wire [7:0] target_next = ~even[7:0];
  wire [7:0] not_open_choice = not_open ? target_next : x_payload;
  wire signed [9:0] not_sum; // -509..=511
  my_lifting_inverted_adder #(.WIDTH(10)) not_sum_adder (
    .a(joined), .b({2'd0, not_open_choice}), .sum(not_sum)
  );
  reg [7:0] target;
  wire signed [8:0] source_next = alone ? 9'd0 : not_sum[9:1]; // -255..=255
  reg signed [8:0] source; // -255..=255
  reg signed [8:0] earlier; // -255..=255
  reg flag_0;
  reg flag_1;
  wire signed [9:0] earlier_plus_source; // -510..=510
  my_lifting_adder #(.WIDTH(10)) earlier_plus_source_adder (
    .a({earlier[8], earlier}), .b({source[8], source}), .sum(earlier_plus_source)
  );
  wire signed [9:0] low_next; // -128..=383
  my_lifting_adder_with_carry #(.WIDTH(10)) low_next_adder (
    .a({2'd0, target}), .b({{2{earlier_plus_source[9]}}, earlier_plus_source[9:2]}),
    .carry_in(earlier_plus_source[1]), .sum(low_next)
  );
  wire out_valid_next = waits & ~not_inside;
  reg signed [9:0] low; // -128..=383
  reg out_flag_0;
  reg out_flag_1;
  wire low_enable = waits & out_valid_enable;
  wire steps = waits & out_valid_enable;
  wire pair_leaves = (full & (not_open | x_valid)) & either;
  wire second_enable = x_valid & points_ready;
  wire even_comes = second_enable & ~second;
  wire odd_comes = second_enable & second;
  assign y_payload = {out_flag_1, earlier, low};
  assign x_ready = points_ready;
  assign y_valid = out_valid;
  assign y_last = out_flag_0;
  always @(posedge clk) begin
    if (rst) begin
      second <= 1'b0;
      open <= 1'b0;
    end else if (second_enable) begin
      second <= ~second & ~x_last;
      open <= ~x_last;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      full <= 1'b0;
    end else if (second_enable | pair_leaves) begin
      full <= second_enable & (second | x_last);
    end
  end
  always @(posedge clk) begin
    if (second_enable) begin
      whole <= second;
    end
  end
  always @(posedge clk) begin
    if (even_comes) begin
      alone <= not_open & x_last;
      even <= ~{1'b0, x_payload};
    end
  end
  always @(posedge clk) begin
    if (odd_comes) begin
      joined <= joined_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      waits <= 1'b0;
    end else begin
      waits <= pair_leaves | (waits & ~(out_valid_next & out_valid_enable));
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      inside_1 <= 1'b0;
    end else if (steps) begin
      inside_1 <= not_inside | ~flag_0;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves) begin
      target <= target_next;
      flag_0 <= not_open;
      flag_1 <= whole;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves & (whole | alone)) begin
      source <= source_next;
    end
  end
  always @(posedge clk) begin
    if (steps) begin
      earlier <= source;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      out_valid <= 1'b0;
    end else if (out_valid_enable) begin
      out_valid <= out_valid_next;
    end
  end
  always @(posedge clk) begin
    if (low_enable) begin
      low <= low_next;
      out_flag_0 <= flag_0;
      out_flag_1 <= flag_1;
    end
  end
  wire unused_bits = &{1'b0, not_sum[0], earlier_plus_source[0]};
endmodule

// ---- my_lifting_detail_h.v
// Design my_lifting, text <hash>, written by ternlet <version>
// the values that exist, each once it is known whether it is its frame's last
module my_lifting_detail_h (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [8:0] value, // -255..=255
  input  wire exists,
  input  wire x_valid,
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [8:0] y_payload,
  output wire y_last
);

  // ---- driven further down
  wire h1_stage_go;

  // ---- detail_h
  reg full;
  reg ended;
  wire ends = ((x_last & ~exists) & full) & ~ended;
  wire points_ready = ~((exists & full) | ends) | h1_stage_go;
  reg signed [8:0] held; // -255..=255
  wire h1_stage_valid_next = full & (ended | (x_valid & (exists | ends)));
  wire ended_enable = (x_valid & points_ready) & exists;
  assign x_ready = points_ready;
  always @(posedge clk) begin
    if (rst) begin
      full <= 1'b0;
    end else begin
      full <= ended_enable | (full & ~(h1_stage_valid_next & h1_stage_go));
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      ended <= 1'b0;
    end else if (ended_enable) begin
      ended <= x_last;
    end
  end
  always @(posedge clk) begin
    if (ended_enable) begin
      held <= value;
    end
  end

  // ---- h1
  reg h1_stage_valid;
  assign h1_stage_go = ~h1_stage_valid | y_ready;
  reg [8:0] h1_stage;
  reg h1_stage_last;
  assign y_valid = h1_stage_valid;
  assign y_payload = h1_stage;
  assign y_last = h1_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      h1_stage_valid <= 1'b0;
    end else if (h1_stage_go) begin
      h1_stage_valid <= h1_stage_valid_next;
    end
  end
  always @(posedge clk) begin
    if (h1_stage_go) begin
      h1_stage <= held;
      h1_stage_last <= ended | (x_valid & ends);
    end
  end
endmodule

// ---- my_lifting_level_2.v
// Design my_lifting, text <hash>, written by ternlet <version>
// level 2 of the transform: its low band, and what it takes off; frames of [32]
module my_lifting_level_2 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [10:0] x_payload, // [9:0] x_values, -128..=383; [10] x_ends
  input  wire h_ready,
  input  wire low_ready,
  output wire x_ready,
  output wire h_valid,
  output wire [9:0] h_payload,
  output wire h_last,
  output wire low_valid,
  output wire [9:0] low_payload,
  output wire low_last
);

  // ---- driven further down
  wire [21:0] predict_update_y_payload;
  wire points_1_ready;
  wire low_ready_1;
  wire predict_update_y_valid;
  reg points_1_done;
  wire points_ready;

  // ---- low
  wire signed [9:0] x_values = x_payload[9:0]; // -128..=383
  wire x_ends = x_payload[10];
  assign x_ready = low_ready_1;

  // ---- h2
  my_lifting_detail_h_1 detail_h (
    .clk(clk), .rst(rst),
    .value(predict_update_y_payload[20:11]), .exists(predict_update_y_payload[21]),
    .x_valid(predict_update_y_valid & ~points_1_done), .x_last(low_last), .x_ready(points_1_ready),
    .y_ready(h_ready), .y_valid(h_valid), .y_payload(h_payload), .y_last(h_last)
  );

  // ---- level_2
  my_lifting_predict_update_1 predict_update (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_values), .x_last(x_ends), .x_ready(low_ready_1),
    .y_ready(points_ready), .y_valid(predict_update_y_valid), .y_payload(predict_update_y_payload),
    .y_last(low_last)
  );

  // ---- points
  reg points_0_done;
  wire points_0_served = points_0_done | low_ready;
  wire points_1_served = points_1_done | points_1_ready;
  assign points_ready = points_0_served & points_1_served;
  assign low_valid = predict_update_y_valid & ~points_0_done;
  always @(posedge clk) begin
    if (rst) begin
      points_0_done <= 1'b0;
      points_1_done <= 1'b0;
    end else if (predict_update_y_valid) begin
      points_0_done <= ~points_ready & points_0_served;
      points_1_done <= ~points_ready & points_1_served;
    end
  end

  // ---- l2
  assign low_payload = predict_update_y_payload[9:0];
  wire unused_bits = &{1'b0, predict_update_y_payload[10]};
endmodule

// ---- my_lifting_predict_update_1.v
// Design my_lifting, text <hash>, written by ternlet <version>
// odd[n] -= (even[n] + even[n + 1]) >> 1, then even[n] += (odd[n - 1] + odd[n] + 2) >> 2, along lines
module my_lifting_predict_update_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire signed [9:0] x_payload, // -128..=383
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [21:0] y_payload, // [10:0] y_even, -384..=639; [20:11] y_odd, -511..=511; [21] y_whole
  output wire y_last
);
  reg full;
  reg waits;
  reg inside_1;
  wire not_inside = ~inside_1;
  reg out_valid;
  wire out_valid_enable = ~out_valid | y_ready;
  wire either = ~waits | (~not_inside & out_valid_enable);
  wire points_ready = ~full | either;
  reg second;
  reg open;
  reg whole;
  reg alone;
  reg signed [9:0] even; // -384..=127
  wire signed [10:0] x_payload_shifted_plus_1 = {x_payload, 1'b0} + 11'd1; // -255..=767
  wire signed [10:0] joined_next; // -896..=637
  my_lifting_inverted_adder_with_carry #(.WIDTH(11)) joined_next_adder (
    .a(x_payload_shifted_plus_1), .b({even[9], even}), .carry_in(1'b1), .sum(joined_next)
  );
  reg signed [10:0] joined; // -896..=637
  wire not_open = ~open;
  wire signed [9:0] target_next = ~even; // -128..=383
  wire signed [9:0] not_open_choice = not_open ? target_next : x_payload; // -128..=383
  wire signed [10:0] not_sum; // -1021..=1023
  my_lifting_inverted_adder #(.WIDTH(11)) not_sum_adder (
    .a(joined), .b({not_open_choice[9], not_open_choice}), .sum(not_sum)
  );
  reg signed [9:0] target; // -128..=383
  wire signed [9:0] source_next = alone ? 10'd0 : not_sum[10:1]; // -511..=511
  reg signed [9:0] source; // -511..=511
  reg signed [9:0] earlier; // -511..=511
  reg flag_0;
  reg flag_1;
  wire signed [10:0] earlier_plus_source; // -1022..=1022
  my_lifting_adder #(.WIDTH(11)) earlier_plus_source_adder (
    .a({earlier[9], earlier}), .b({source[9], source}), .sum(earlier_plus_source)
  );
  wire signed [10:0] low_next; // -384..=639
  my_lifting_adder_with_carry #(.WIDTH(11)) low_next_adder (
    .a({target[9], target}), .b({{2{earlier_plus_source[10]}}, earlier_plus_source[10:2]}),
    .carry_in(earlier_plus_source[1]), .sum(low_next)
  );
  wire out_valid_next = waits & ~not_inside;
  reg signed [10:0] low; // -384..=639
  reg out_flag_0;
  reg out_flag_1;
  wire low_enable = waits & out_valid_enable;
  wire steps = waits & out_valid_enable;
  wire pair_leaves = (full & (not_open | x_valid)) & either;
  wire second_enable = x_valid & points_ready;
  wire even_comes = second_enable & ~second;
  wire odd_comes = second_enable & second;
  assign y_payload = {out_flag_1, earlier, low};
  assign x_ready = points_ready;
  assign y_valid = out_valid;
  assign y_last = out_flag_0;
  always @(posedge clk) begin
    if (rst) begin
      second <= 1'b0;
      open <= 1'b0;
    end else if (second_enable) begin
      second <= ~second & ~x_last;
      open <= ~x_last;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      full <= 1'b0;
    end else if (second_enable | pair_leaves) begin
      full <= second_enable & (second | x_last);
    end
  end
  always @(posedge clk) begin
    if (second_enable) begin
      whole <= second;
    end
  end
  always @(posedge clk) begin
    if (even_comes) begin
      alone <= not_open & x_last;
      even <= ~x_payload;
    end
  end
  always @(posedge clk) begin
    if (odd_comes) begin
      joined <= joined_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      waits <= 1'b0;
    end else begin
      waits <= pair_leaves | (waits & ~(out_valid_next & out_valid_enable));
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      inside_1 <= 1'b0;
    end else if (steps) begin
      inside_1 <= not_inside | ~flag_0;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves) begin
      target <= target_next;
      flag_0 <= not_open;
      flag_1 <= whole;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves & (whole | alone)) begin
      source <= source_next;
    end
  end
  always @(posedge clk) begin
    if (steps) begin
      earlier <= source;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      out_valid <= 1'b0;
    end else if (out_valid_enable) begin
      out_valid <= out_valid_next;
    end
  end
  always @(posedge clk) begin
    if (low_enable) begin
      low <= low_next;
      out_flag_0 <= flag_0;
      out_flag_1 <= flag_1;
    end
  end
  wire unused_bits = &{1'b0, not_sum[0], earlier_plus_source[0]};
endmodule

// ---- my_lifting_detail_h_1.v
// Design my_lifting, text <hash>, written by ternlet <version>
// the values that exist, each once it is known whether it is its frame's last
module my_lifting_detail_h_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire signed [9:0] value, // -511..=511
  input  wire exists,
  input  wire x_valid,
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [9:0] y_payload,
  output wire y_last
);

  // ---- driven further down
  wire h2_stage_go;

  // ---- detail_h
  reg full;
  reg ended;
  wire ends = ((x_last & ~exists) & full) & ~ended;
  wire points_ready = ~((exists & full) | ends) | h2_stage_go;
  reg signed [9:0] held; // -511..=511
  wire h2_stage_valid_next = full & (ended | (x_valid & (exists | ends)));
  wire ended_enable = (x_valid & points_ready) & exists;
  assign x_ready = points_ready;
  always @(posedge clk) begin
    if (rst) begin
      full <= 1'b0;
    end else begin
      full <= ended_enable | (full & ~(h2_stage_valid_next & h2_stage_go));
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      ended <= 1'b0;
    end else if (ended_enable) begin
      ended <= x_last;
    end
  end
  always @(posedge clk) begin
    if (ended_enable) begin
      held <= value;
    end
  end

  // ---- h2
  reg h2_stage_valid;
  assign h2_stage_go = ~h2_stage_valid | y_ready;
  reg [9:0] h2_stage;
  reg h2_stage_last;
  assign y_valid = h2_stage_valid;
  assign y_payload = h2_stage;
  assign y_last = h2_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      h2_stage_valid <= 1'b0;
    end else if (h2_stage_go) begin
      h2_stage_valid <= h2_stage_valid_next;
    end
  end
  always @(posedge clk) begin
    if (h2_stage_go) begin
      h2_stage <= held;
      h2_stage_last <= ended | (x_valid & ends);
    end
  end
endmodule

// ---- my_lifting_inverted_adder_with_carry.v
// Design my_lifting, text <hash>, written by ternlet <version>
// sum = ~(a + b + carry_in); apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_lifting_inverted_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = ~((a + b) + carry_in);
endmodule

// ---- my_lifting_inverted_adder.v
// Design my_lifting, text <hash>, written by ternlet <version>
// sum = ~(a + b); apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_lifting_inverted_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = ~(a + b);
endmodule

// ---- my_lifting_adder.v
// Design my_lifting, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_lifting_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule

// ---- my_lifting_adder_with_carry.v
// Design my_lifting, text <hash>, written by ternlet <version>
// sum = a + b + carry_in; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_lifting_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = (a + b) + carry_in;
endmodule
