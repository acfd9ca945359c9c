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

  // ---- driven further down
  wire points_ready;
  wire points_ready_1;
  wire points_both_1;
  wire points_ready_4;
  wire points_both_2;
  wire points_0_ready;
  reg points_0_full;
  reg signed [9:0] points_0_held_0; // -128..=383
  reg points_0_held_1;
  wire h2_stage_go;
  wire h1_stage_go;

  // ---- x
  assign x_ready = points_ready;

  // ---- my_lifting
  reg full;
  reg waits;
  reg inside_1;
  wire not_inside = ~inside_1;
  reg out_valid;
  reg out_flag_1;
  reg detail1_1_full;
  reg out_flag_0;
  reg detail1_1_ended;
  wire detail1_1_ends = ((out_flag_0 & ~out_flag_1) & detail1_1_full) & ~detail1_1_ended;
  wire points_ready_2 = ~((out_flag_1 & detail1_1_full) | detail1_1_ends) | h1_stage_go;
  wire out_valid_enable = ~out_valid | points_ready_1;
  wire either = ~waits | (~not_inside & out_valid_enable);
  assign points_ready = ~full | either;
  reg second;
  reg open;
  wire not_open = ~open;
  reg whole;
  reg alone;
  reg signed [8:0] even; // -256..=-1
  wire [8:0] x_payload_shifted_shifted_plus_1 = {x_payload, 1'b0} + 9'd1; // 1..=511
  wire signed [9:0] joined_next; // -512..=253
  my_lifting_inverted_adder_with_carry #(.WIDTH(10)) joined_next_adder (
    .a({1'b0, x_payload_shifted_shifted_plus_1}),
    .b({even[8], even}),
    .carry_in(1'b1),
    .sum(joined_next)
  );
  reg signed [9:0] joined; // -512..=253
  wire [7:0] target_next = ~even[7:0];
  wire [7:0] choice = not_open ? target_next : x_payload;
  wire signed [9:0] not_sum; // -509..=511
  my_lifting_inverted_adder #(.WIDTH(10)) not_sum_adder (.a(joined), .b({2'd0, choice}), .sum(not_sum));
  reg [7:0] target;
  wire signed [8:0] source_next = alone ? 9'd0 : not_sum[9:1]; // -255..=255
  reg signed [8:0] source; // -255..=255
  reg signed [8:0] earlier; // -255..=255
  reg flag_0;
  reg flag_1;
  wire signed [9:0] sum; // -510..=510
  my_lifting_adder #(.WIDTH(10)) sum_adder (.a({earlier[8], earlier}), .b({source[8], source}), .sum(sum));
  wire signed [9:0] low_next; // -128..=383
  my_lifting_adder_with_carry #(.WIDTH(10)) low_next_adder (
    .a({2'd0, target}),
    .b({{2{sum[9]}}, sum[9:2]}),
    .carry_in(sum[1]),
    .sum(low_next)
  );
  wire out_valid_next = waits & ~not_inside;
  reg signed [9:0] low; // -128..=383
  wire low_enable = waits & out_valid_enable;
  wire steps = waits & out_valid_enable;
  wire pair_leaves = (full & (not_open | x_valid)) & either;
  wire second_enable = x_valid & points_ready;
  wire even_comes = second_enable & ~second;
  wire odd_comes = second_enable & second;
  reg signed [8:0] detail1_1_held; // -255..=255
  wire h1_stage_valid_next = detail1_1_full & (detail1_1_ended | (points_both_1 & (out_flag_1 | detail1_1_ends)));
  wire detail1_1_ended_enable = (points_both_1 & points_ready_2) & out_flag_1;
  reg full_1;
  reg waits_1;
  reg inside_2;
  wire not_inside_1 = ~inside_2;
  reg out_valid_1;
  reg out_flag_1_1;
  reg detail2_1_full;
  reg out_flag_0_1;
  reg detail2_1_ended;
  wire detail2_1_ends = ((out_flag_0_1 & ~out_flag_1_1) & detail2_1_full) & ~detail2_1_ended;
  wire points_ready_5 = ~((out_flag_1_1 & detail2_1_full) | detail2_1_ends) | h2_stage_go;
  wire out_valid_enable_1 = ~out_valid_1 | points_ready_4;
  wire either_1 = ~waits_1 | (~not_inside_1 & out_valid_enable_1);
  wire points_ready_3 = ~full_1 | either_1;
  reg second_1;
  reg open_1;
  wire not_open_1 = ~open_1;
  reg whole_1;
  reg alone_1;
  reg signed [9:0] even_1; // -384..=127
  wire signed [10:0] sum_1 = {points_0_held_0, 1'b0} + 11'd1; // -255..=767
  wire signed [10:0] joined_next_1; // -896..=637
  my_lifting_inverted_adder_with_carry #(.WIDTH(11)) joined_next_1_adder (
    .a(sum_1),
    .b({even_1[9], even_1}),
    .carry_in(1'b1),
    .sum(joined_next_1)
  );
  reg signed [10:0] joined_1; // -896..=637
  wire signed [9:0] target_next_1 = ~even_1; // -128..=383
  wire signed [9:0] choice_1 = not_open_1 ? target_next_1 : points_0_held_0; // -128..=383
  wire signed [10:0] not_sum_1; // -1021..=1023
  my_lifting_inverted_adder #(.WIDTH(11)) not_sum_1_adder (
    .a(joined_1),
    .b({choice_1[9], choice_1}),
    .sum(not_sum_1)
  );
  reg signed [9:0] target_1; // -128..=383
  wire signed [9:0] source_next_1 = alone_1 ? 10'd0 : not_sum_1[10:1]; // -511..=511
  reg signed [9:0] source_1; // -511..=511
  reg signed [9:0] earlier_1; // -511..=511
  reg flag_0_1;
  reg flag_1_1;
  wire signed [10:0] sum_2; // -1022..=1022
  my_lifting_adder #(.WIDTH(11)) sum_2_adder (
    .a({earlier_1[9], earlier_1}),
    .b({source_1[9], source_1}),
    .sum(sum_2)
  );
  wire signed [10:0] low_next_1; // -384..=639
  my_lifting_adder_with_carry #(.WIDTH(11)) low_next_1_adder (
    .a({target_1[9], target_1}),
    .b({{2{sum_2[10]}}, sum_2[10:2]}),
    .carry_in(sum_2[1]),
    .sum(low_next_1)
  );
  wire out_valid_next_1 = waits_1 & ~not_inside_1;
  reg signed [10:0] low_1; // -384..=639
  wire low_enable_1 = waits_1 & out_valid_enable_1;
  wire steps_1 = waits_1 & out_valid_enable_1;
  wire pair_leaves_1 = (full_1 & (not_open_1 | points_0_full)) & either_1;
  wire second_enable_1 = points_0_full & points_ready_3;
  wire even_comes_1 = second_enable_1 & ~second_1;
  wire odd_comes_1 = second_enable_1 & second_1;
  reg signed [9:0] detail2_1_held; // -511..=511
  wire h2_stage_valid_next = detail2_1_full & (detail2_1_ended | (points_both_2 & (out_flag_1_1 | detail2_1_ends)));
  wire detail2_1_ended_enable = (points_both_2 & points_ready_5) & out_flag_1_1;
  assign l2_last = out_flag_0_1;
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
      detail1_1_full <= 1'b0;
      waits_1 <= 1'b0;
      detail2_1_full <= 1'b0;
    end else begin
      waits <= pair_leaves | (waits & ~(out_valid_next & out_valid_enable));
      detail1_1_full <= detail1_1_ended_enable | (detail1_1_full & ~(h1_stage_valid_next & h1_stage_go));
      waits_1 <= pair_leaves_1 | (waits_1 & ~(out_valid_next_1 & out_valid_enable_1));
      detail2_1_full <= detail2_1_ended_enable | (detail2_1_full & ~(h2_stage_valid_next & h2_stage_go));
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
  always @(posedge clk) begin
    if (rst) begin
      detail1_1_ended <= 1'b0;
    end else if (detail1_1_ended_enable) begin
      detail1_1_ended <= out_flag_0;
    end
  end
  always @(posedge clk) begin
    if (detail1_1_ended_enable) begin
      detail1_1_held <= earlier;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      second_1 <= 1'b0;
      open_1 <= 1'b0;
    end else if (second_enable_1) begin
      second_1 <= ~second_1 & ~points_0_held_1;
      open_1 <= ~points_0_held_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      full_1 <= 1'b0;
    end else if (second_enable_1 | pair_leaves_1) begin
      full_1 <= second_enable_1 & (second_1 | points_0_held_1);
    end
  end
  always @(posedge clk) begin
    if (second_enable_1) begin
      whole_1 <= second_1;
    end
  end
  always @(posedge clk) begin
    if (even_comes_1) begin
      alone_1 <= not_open_1 & points_0_held_1;
      even_1 <= ~points_0_held_0;
    end
  end
  always @(posedge clk) begin
    if (odd_comes_1) begin
      joined_1 <= joined_next_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      inside_2 <= 1'b0;
    end else if (steps_1) begin
      inside_2 <= not_inside_1 | ~flag_0_1;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves_1) begin
      target_1 <= target_next_1;
      flag_0_1 <= not_open_1;
      flag_1_1 <= whole_1;
    end
  end
  always @(posedge clk) begin
    if (pair_leaves_1 & (whole_1 | alone_1)) begin
      source_1 <= source_next_1;
    end
  end
  always @(posedge clk) begin
    if (steps_1) begin
      earlier_1 <= source_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      out_valid_1 <= 1'b0;
    end else if (out_valid_enable_1) begin
      out_valid_1 <= out_valid_next_1;
    end
  end
  always @(posedge clk) begin
    if (low_enable_1) begin
      low_1 <= low_next_1;
      out_flag_0_1 <= flag_0_1;
      out_flag_1_1 <= flag_1_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      detail2_1_ended <= 1'b0;
    end else if (detail2_1_ended_enable) begin
      detail2_1_ended <= out_flag_0_1;
    end
  end
  always @(posedge clk) begin
    if (detail2_1_ended_enable) begin
      detail2_1_held <= earlier_1;
    end
  end

  // ---- points
  reg points_0_done;
  wire points_0_served = points_0_done | points_0_ready;
  reg points_1_done;
  wire points_1_served = points_1_done | points_ready_2;
  assign points_ready_1 = points_0_served & points_1_served;
  wire points_both = out_valid & ~points_0_done;
  assign points_both_1 = out_valid & ~points_1_done;
  reg points_0_done_1;
  wire points_0_served_1 = points_0_done_1 | l2_ready;
  reg points_1_done_1;
  wire points_1_served_1 = points_1_done_1 | points_ready_5;
  assign points_ready_4 = points_0_served_1 & points_1_served_1;
  assign l2_valid = out_valid_1 & ~points_0_done_1;
  assign points_both_2 = out_valid_1 & ~points_1_done_1;
  always @(posedge clk) begin
    if (rst) begin
      points_0_done <= 1'b0;
      points_1_done <= 1'b0;
    end else if (out_valid) begin
      points_0_done <= ~points_ready_1 & points_0_served;
      points_1_done <= ~points_ready_1 & points_1_served;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      points_0_done_1 <= 1'b0;
      points_1_done_1 <= 1'b0;
    end else if (out_valid_1) begin
      points_0_done_1 <= ~points_ready_4 & points_0_served_1;
      points_1_done_1 <= ~points_ready_4 & points_1_served_1;
    end
  end

  // ---- points_0
  reg points_0_spilled;
  assign points_0_ready = ~points_0_spilled;
  wire points_0_load = ~points_0_full | points_ready_3;
  reg signed [9:0] points_0_skid_0; // -128..=383
  wire signed [9:0] points_0_held_0_next = points_0_spilled ? points_0_skid_0 : low; // -128..=383
  reg points_0_skid_1;
  wire points_0_held_1_next = points_0_spilled ? points_0_skid_1 : out_flag_0;
  always @(posedge clk) begin
    if (rst) begin
      points_0_full <= 1'b0;
    end else if (points_0_load) begin
      points_0_full <= points_0_spilled | points_both;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      points_0_spilled <= 1'b0;
    end else begin
      points_0_spilled <= ~points_0_load & (points_0_spilled | points_both);
    end
  end
  always @(posedge clk) begin
    if (points_0_ready) begin
      points_0_skid_0 <= low;
      points_0_skid_1 <= out_flag_0;
    end
  end
  always @(posedge clk) begin
    if (points_0_load) begin
      points_0_held_0 <= points_0_held_0_next;
      points_0_held_1 <= points_0_held_1_next;
    end
  end

  // ---- l2
  assign l2_payload = low_1[9:0];

  // ---- h2
  reg h2_stage_valid;
  assign h2_stage_go = ~h2_stage_valid | h2_ready;
  reg [9:0] h2_stage;
  reg h2_stage_last;
  assign h2_valid = h2_stage_valid;
  assign h2_payload = h2_stage;
  assign h2_last = h2_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      h2_stage_valid <= 1'b0;
    end else if (h2_stage_go) begin
      h2_stage_valid <= h2_stage_valid_next;
    end
  end
  always @(posedge clk) begin
    if (h2_stage_go) begin
      h2_stage <= detail2_1_held;
      h2_stage_last <= detail2_1_ended | (points_both_2 & detail2_1_ends);
    end
  end

  // ---- h1
  reg h1_stage_valid;
  assign h1_stage_go = ~h1_stage_valid | h1_ready;
  reg [8:0] h1_stage;
  reg h1_stage_last;
  assign h1_valid = h1_stage_valid;
  assign h1_payload = h1_stage;
  assign h1_last = h1_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      h1_stage_valid <= 1'b0;
    end else if (h1_stage_go) begin
      h1_stage_valid <= h1_stage_valid_next;
    end
  end
  always @(posedge clk) begin
    if (h1_stage_go) begin
      h1_stage <= detail1_1_held;
      h1_stage_last <= detail1_1_ended | (points_both_1 & detail1_1_ends);
    end
  end
  wire unused_bits = &{1'b0, low_1[10], not_sum[0], sum[0], not_sum_1[0], sum_2[0]};
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
