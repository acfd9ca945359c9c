// ---- my_codebook_mac.v
// Design my_codebook_mac, text <hash>, written by ternlet <version>
// y = W x, 2 x 6 weights of the codebook [-3, -1, 1, 3] (in memory); x is s8; lanes = 3, parallel_rows = 2
module my_codebook_mac (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [23:0] x_payload, // [8*i +: 8] x i, i = 0..2, signed
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [25:0] y_payload // [13*i +: 13] y i, i = 0..1, signed
);

  // ---- driven further down
  reg step;
  wire x_stage_0_1_next;
  wire signed [12:0] sum_0_to_2; // -3072..=3071
  wire x_stage_1_1_next;
  wire signed [12:0] sum_0_to_2_1; // -3072..=3071
  wire x_ready_1;

  // ---- x
  reg x_valid_q1;
  reg x_stage_valid;
  wire x_stage_go = ~x_stage_valid | x_ready_1;
  wire x_go = ~x_valid_q1 | x_stage_go;
  reg [11:0] weights_word;
  reg x_last_q1;
  reg signed [7:0] x_0_q;
  reg signed [7:0] x_1_q;
  reg signed [7:0] x_2_q;
  reg signed [12:0] x_stage_0_0; // -3072..=3071
  reg x_stage_0_1;
  reg signed [12:0] x_stage_1_0; // -3072..=3071
  reg x_stage_1_1;
  reg x_stage_last;
  assign x_ready = x_go;
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
      x_0_q <= x_payload[7:0];
      x_1_q <= x_payload[15:8];
      x_2_q <= x_payload[23:16];
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      x_stage_valid <= 1'b0;
    end else if (x_stage_go) begin
      x_stage_valid <= x_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (x_stage_go) begin
      x_stage_0_0 <= sum_0_to_2;
      x_stage_0_1 <= x_stage_0_1_next;
      x_stage_1_0 <= sum_0_to_2_1;
      x_stage_1_1 <= x_stage_1_1_next;
      x_stage_last <= x_last_q1;
    end
  end
  (* no_rw_check *) reg [11:0] weights [0:1];
  initial begin
    weights[0] = 12'd3740;
    weights[1] = 12'd3337;
  end
  always @(posedge clk) begin
    if (x_go) begin
      weights_word <= weights[step];
    end
  end

  // ---- step
  always @(posedge clk) begin
    if (rst) begin
      step <= 1'b0;
    end else if (x_valid & x_go) begin
      step <= ~(step == 1'b1);
    end
  end

  // ---- x: codebook
  wire signed [10:0] codebook_difference = {x_0_q[7], x_0_q, 2'd0} - {{3{x_0_q[7]}}, x_0_q}; // -639..=636
  wire signed [10:0] codebook_difference_1 = {x_1_q[7], x_1_q, 2'd0} - {{3{x_1_q[7]}}, x_1_q}; // -639..=636
  wire signed [10:0] codebook_difference_2 = {x_2_q[7], x_2_q, 2'd0} - {{3{x_2_q[7]}}, x_2_q}; // -639..=636
  wire codebook_choice = weights_word[1] ? weights_word[0] : ~weights_word[0];
  wire signed [10:0] codebook_choice_1 = codebook_choice ? codebook_difference : {{3{x_0_q[7]}}, x_0_q}; // -639..=636
  wire codebook_choice_2 = ~weights_word[1];
  wire signed [10:0] codebook_number = codebook_choice_1 ^ {11{codebook_choice_2}};
  wire codebook_choice_3 = weights_word[3] ? weights_word[2] : ~weights_word[2];
  wire signed [10:0] codebook_choice_4 = codebook_choice_3 ? codebook_difference_1 : {{3{x_1_q[7]}}, x_1_q}; // -639..=636
  wire codebook_choice_5 = ~weights_word[3];
  wire signed [10:0] codebook_number_1 = codebook_choice_4 ^ {11{codebook_choice_5}};
  wire codebook_choice_6 = weights_word[5] ? weights_word[4] : ~weights_word[4];
  wire signed [10:0] codebook_choice_7 = codebook_choice_6 ? codebook_difference_2 : {{3{x_2_q[7]}}, x_2_q}; // -639..=636
  assign x_stage_0_1_next = ~weights_word[5];
  wire signed [10:0] codebook_number_2 = codebook_choice_7 ^ {11{x_stage_0_1_next}};
  wire signed [11:0] sum_0_to_1;
  my_codebook_mac_adder_with_carry #(.WIDTH(12)) sum_0_to_1_adder (
    .a({codebook_number[10], codebook_number}),
    .b({codebook_number_1[10], codebook_number_1}),
    .carry_in(codebook_choice_2),
    .sum(sum_0_to_1)
  );
  my_codebook_mac_adder_with_carry #(.WIDTH(13)) sum_0_to_2_adder (
    .a({sum_0_to_1[11], sum_0_to_1}),
    .b({{2{codebook_number_2[10]}}, codebook_number_2}),
    .carry_in(codebook_choice_5),
    .sum(sum_0_to_2)
  );
  wire codebook_choice_8 = weights_word[7] ? weights_word[6] : ~weights_word[6];
  wire signed [10:0] codebook_choice_9 = codebook_choice_8 ? codebook_difference : {{3{x_0_q[7]}}, x_0_q}; // -639..=636
  wire codebook_choice_10 = ~weights_word[7];
  wire signed [10:0] codebook_number_3 = codebook_choice_9 ^ {11{codebook_choice_10}};
  wire codebook_choice_11 = weights_word[9] ? weights_word[8] : ~weights_word[8];
  wire signed [10:0] codebook_choice_12 = codebook_choice_11 ? codebook_difference_1 : {{3{x_1_q[7]}}, x_1_q}; // -639..=636
  wire codebook_choice_13 = ~weights_word[9];
  wire signed [10:0] codebook_number_4 = codebook_choice_12 ^ {11{codebook_choice_13}};
  wire codebook_choice_14 = weights_word[11] ? weights_word[10] : ~weights_word[10];
  wire signed [10:0] codebook_choice_15 = codebook_choice_14 ? codebook_difference_2 : {{3{x_2_q[7]}}, x_2_q}; // -639..=636
  assign x_stage_1_1_next = ~weights_word[11];
  wire signed [10:0] codebook_number_5 = codebook_choice_15 ^ {11{x_stage_1_1_next}};
  wire signed [11:0] sum_0_to_1_1;
  my_codebook_mac_adder_with_carry #(.WIDTH(12)) sum_0_to_1_1_adder (
    .a({codebook_number_3[10], codebook_number_3}),
    .b({codebook_number_4[10], codebook_number_4}),
    .carry_in(codebook_choice_10),
    .sum(sum_0_to_1_1)
  );
  my_codebook_mac_adder_with_carry #(.WIDTH(13)) sum_0_to_2_1_adder (
    .a({sum_0_to_1_1[11], sum_0_to_1_1}),
    .b({{2{codebook_number_5[10]}}, codebook_number_5}),
    .carry_in(codebook_choice_13),
    .sum(sum_0_to_2_1)
  );

  // ---- accumulator
  reg accumulator_valid;
  assign x_ready_1 = ~accumulator_valid | y_ready;
  reg accumulator_start;
  reg signed [12:0] accumulator_0;
  reg signed [12:0] accumulator_1;
  wire accumulator_start_enable = x_stage_valid & x_ready_1;
  wire signed [12:0] accumulator_before_0 = accumulator_start ? 13'd0 : accumulator_0;
  wire signed [12:0] accumulator_before_1 = accumulator_start ? 13'd0 : accumulator_1;
  wire signed [13:0] accumulator_sum; // -7168..=7167
  my_codebook_mac_adder_with_carry #(.WIDTH(14)) accumulator_sum_adder (
    .a({accumulator_before_0[12], accumulator_before_0}),
    .b({x_stage_0_0[12], x_stage_0_0}),
    .carry_in(x_stage_0_1),
    .sum(accumulator_sum)
  );
  wire signed [13:0] accumulator_sum_1; // -7168..=7167
  my_codebook_mac_adder_with_carry #(.WIDTH(14)) accumulator_sum_1_adder (
    .a({accumulator_before_1[12], accumulator_before_1}),
    .b({x_stage_1_0[12], x_stage_1_0}),
    .carry_in(x_stage_1_1),
    .sum(accumulator_sum_1)
  );
  assign y_valid = accumulator_valid;
  always @(posedge clk) begin
    if (rst) begin
      accumulator_valid <= 1'b0;
    end else begin
      accumulator_valid <= (accumulator_start_enable & x_stage_last) | (accumulator_valid & ~y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      accumulator_start <= 1'b1;
    end else if (accumulator_start_enable) begin
      accumulator_start <= x_stage_last;
    end
  end
  always @(posedge clk) begin
    if (accumulator_start_enable) begin
      accumulator_0 <= accumulator_sum[12:0];
      accumulator_1 <= accumulator_sum_1[12:0];
    end
  end

  // ---- y
  assign y_payload = {accumulator_1, accumulator_0};
  wire unused_bits = &{1'b0, accumulator_sum[13], accumulator_sum_1[13]};
endmodule

// ---- my_codebook_mac_adder_with_carry.v
// Design my_codebook_mac, text <hash>, written by ternlet <version>
// sum = a + b + carry_in; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_codebook_mac_adder_with_carry #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  input  wire carry_in,
  output wire [WIDTH-1:0] sum
);
  assign sum = (a + b) + carry_in;
endmodule
