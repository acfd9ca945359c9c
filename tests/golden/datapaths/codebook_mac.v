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

  // ---- x
  wire accumulators_dots_ready;
  wire [35:0] weights_memory_weighted_payload;
  wire weights_memory_weighted_valid;
  wire weights_memory_weighted_last;
  my_codebook_mac_weights_memory weights_memory (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_last(x_last), .x_ready(x_ready),
    .weighted_ready(accumulators_dots_ready), .weighted_valid(weights_memory_weighted_valid),
    .weighted_payload(weights_memory_weighted_payload), .weighted_last(weights_memory_weighted_last)
  );

  // ---- weighted: codebook
  wire signed [10:0] codebook_difference = {weights_memory_weighted_payload[7], weights_memory_weighted_payload[7:0],
      2'd0} - {{3{weights_memory_weighted_payload[7]}}, weights_memory_weighted_payload[7:0]}; // -639..=636
  wire signed [10:0] codebook_difference_1 = {weights_memory_weighted_payload[15], weights_memory_weighted_payload[15:8],
      2'd0} - {{3{weights_memory_weighted_payload[15]}}, weights_memory_weighted_payload[15:8]}; // -639..=636
  wire signed [10:0] codebook_difference_2 = {weights_memory_weighted_payload[23], weights_memory_weighted_payload[23:16],
      2'd0} - {{3{weights_memory_weighted_payload[23]}}, weights_memory_weighted_payload[23:16]}; // -639..=636
  wire magnitude_0_0 = weights_memory_weighted_payload[25] ? weights_memory_weighted_payload[24] : ~weights_memory_weighted_payload[24];
  wire signed [10:0] multiple_0_0 = magnitude_0_0 ? codebook_difference : {{3{weights_memory_weighted_payload[7]}},
      weights_memory_weighted_payload[7:0]}; // -639..=636
  wire negative_0_0 = ~weights_memory_weighted_payload[25];
  wire signed [10:0] term_0_0 = multiple_0_0 ^ {11{negative_0_0}};
  wire magnitude_0_1 = weights_memory_weighted_payload[27] ? weights_memory_weighted_payload[26] : ~weights_memory_weighted_payload[26];
  wire signed [10:0] multiple_0_1 = magnitude_0_1 ? codebook_difference_1 : {{3{weights_memory_weighted_payload[15]}},
      weights_memory_weighted_payload[15:8]}; // -639..=636
  wire negative_0_1 = ~weights_memory_weighted_payload[27];
  wire signed [10:0] term_0_1 = multiple_0_1 ^ {11{negative_0_1}};
  wire magnitude_0_2 = weights_memory_weighted_payload[29] ? weights_memory_weighted_payload[28] : ~weights_memory_weighted_payload[28];
  wire signed [10:0] multiple_0_2 = magnitude_0_2 ? codebook_difference_2 : {{3{weights_memory_weighted_payload[23]}},
      weights_memory_weighted_payload[23:16]}; // -639..=636
  wire negative_0_2 = ~weights_memory_weighted_payload[29];
  wire signed [10:0] term_0_2 = multiple_0_2 ^ {11{negative_0_2}};
  wire signed [11:0] sum_0_to_1;
  my_codebook_mac_adder_with_carry #(.WIDTH(12)) sum_0_to_1_adder (
    .a({term_0_0[10], term_0_0}), .b({term_0_1[10], term_0_1}), .carry_in(negative_0_0), .sum(sum_0_to_1)
  );
  wire signed [12:0] sum_0_to_2; // -3072..=3071
  my_codebook_mac_adder_with_carry #(.WIDTH(13)) sum_0_to_2_adder (
    .a({sum_0_to_1[11], sum_0_to_1}), .b({{2{term_0_2[10]}}, term_0_2}), .carry_in(negative_0_1), .sum(sum_0_to_2)
  );
  wire magnitude_1_0 = weights_memory_weighted_payload[31] ? weights_memory_weighted_payload[30] : ~weights_memory_weighted_payload[30];
  wire signed [10:0] multiple_1_0 = magnitude_1_0 ? codebook_difference : {{3{weights_memory_weighted_payload[7]}},
      weights_memory_weighted_payload[7:0]}; // -639..=636
  wire negative_1_0 = ~weights_memory_weighted_payload[31];
  wire signed [10:0] term_1_0 = multiple_1_0 ^ {11{negative_1_0}};
  wire magnitude_1_1 = weights_memory_weighted_payload[33] ? weights_memory_weighted_payload[32] : ~weights_memory_weighted_payload[32];
  wire signed [10:0] multiple_1_1 = magnitude_1_1 ? codebook_difference_1 : {{3{weights_memory_weighted_payload[15]}},
      weights_memory_weighted_payload[15:8]}; // -639..=636
  wire negative_1_1 = ~weights_memory_weighted_payload[33];
  wire signed [10:0] term_1_1 = multiple_1_1 ^ {11{negative_1_1}};
  wire magnitude_1_2 = weights_memory_weighted_payload[35] ? weights_memory_weighted_payload[34] : ~weights_memory_weighted_payload[34];
  wire signed [10:0] multiple_1_2 = magnitude_1_2 ? codebook_difference_2 : {{3{weights_memory_weighted_payload[23]}},
      weights_memory_weighted_payload[23:16]}; // -639..=636
  wire negative_1_2 = ~weights_memory_weighted_payload[35];
  wire signed [10:0] term_1_2 = multiple_1_2 ^ {11{negative_1_2}};
  wire signed [11:0] sum_0_to_1_1;
  my_codebook_mac_adder_with_carry #(.WIDTH(12)) sum_0_to_1_1_adder (
    .a({term_1_0[10], term_1_0}), .b({term_1_1[10], term_1_1}), .carry_in(negative_1_0), .sum(sum_0_to_1_1)
  );
  wire signed [12:0] sum_0_to_2_1; // -3072..=3071
  my_codebook_mac_adder_with_carry #(.WIDTH(13)) sum_0_to_2_1_adder (
    .a({sum_0_to_1_1[11], sum_0_to_1_1}), .b({{2{term_1_2[10]}}, term_1_2}), .carry_in(negative_1_1),
    .sum(sum_0_to_2_1)
  );

  // ---- y
  wire [25:0] accumulators_sums_payload;
  assign y_payload = accumulators_sums_payload;
  my_codebook_mac_accumulators accumulators (
    .clk(clk), .rst(rst),
    .dots_valid(weights_memory_weighted_valid),
    .dots_payload({negative_1_2, sum_0_to_2_1, negative_0_2, sum_0_to_2}), .dots_last(weights_memory_weighted_last),
    .dots_ready(accumulators_dots_ready),
    .sums_ready(y_ready), .sums_valid(y_valid), .sums_payload(accumulators_sums_payload)
  );

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

// ---- my_codebook_mac_weights_memory.v
// Design my_codebook_mac, text <hash>, written by ternlet <version>
// activations, each beat next to the word of its weights
module my_codebook_mac_weights_memory (
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
  reg step;

  // ---- x
  wire signed [7:0] x_0 = x_payload[7:0];
  wire signed [7:0] x_1 = x_payload[15:8];
  wire signed [7:0] x_2 = x_payload[23:16];
  reg x_valid_q1;
  wire x_go = ~x_valid_q1 | weighted_ready;
  reg [11:0] weights_word;
  reg x_last_q1;
  reg signed [7:0] weighted_x_0;
  reg signed [7:0] weighted_x_1;
  reg signed [7:0] weighted_x_2;
  assign weighted_payload = {weights_word, weighted_x_2, weighted_x_1, weighted_x_0};
  assign x_ready = x_go;
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
      weighted_x_0 <= x_0;
      weighted_x_1 <= x_1;
      weighted_x_2 <= x_2;
    end
  end
  (* no_rw_check *) reg [11:0] weights [0:1];
  initial begin
    weights[0] = 12'd3740; weights[1] = 12'd3337;
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
endmodule

// ---- my_codebook_mac_accumulators.v
// Design my_codebook_mac, text <hash>, written by ternlet <version>
// the sum of the dots of 2 beats, for each row
module my_codebook_mac_accumulators (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire dots_valid,
  input  wire [27:0] dots_payload, // [12:0] dots_0_sum, -3072..=3071; [13] dots_0_carry; [26:14] dots_1_sum, -3072..=3071; [27] dots_1_carry
  input  wire dots_last,
  input  wire sums_ready,
  output wire dots_ready,
  output wire sums_valid,
  output wire [25:0] sums_payload // [13*i +: 13] sums i, i = 0..1
);

  // ---- driven further down
  reg dots_stage_valid;
  wire dots_stage_go;
  reg signed [12:0] dots_stage_0_sum; // -3072..=3071
  reg dots_stage_0_carry;
  reg signed [12:0] dots_stage_1_sum; // -3072..=3071
  reg dots_stage_1_carry;
  reg dots_stage_last;

  // ---- x
  assign dots_ready = dots_stage_go;

  // ---- weighted: codebook
  wire signed [12:0] dots_0_sum = dots_payload[12:0]; // -3072..=3071
  wire dots_0_carry = dots_payload[13];
  wire signed [12:0] dots_1_sum = dots_payload[26:14]; // -3072..=3071
  wire dots_1_carry = dots_payload[27];

  // ---- accumulator
  reg accumulator_valid;
  wire dots_ready_1 = ~accumulator_valid | sums_ready;
  reg accumulator_start;
  reg signed [12:0] accumulator_0;
  reg signed [12:0] accumulator_1;
  wire signed [12:0] accumulator_before_0 = accumulator_start ? 13'd0 : accumulator_0;
  wire signed [12:0] accumulator_before_1 = accumulator_start ? 13'd0 : accumulator_1;
  wire accumulator_start_enable = dots_stage_valid & dots_ready_1;
  wire signed [13:0] total_0; // -7168..=7167
  my_codebook_mac_adder_with_carry #(.WIDTH(14)) total_0_adder (
    .a({accumulator_before_0[12], accumulator_before_0}), .b({dots_stage_0_sum[12], dots_stage_0_sum}),
    .carry_in(dots_stage_0_carry), .sum(total_0)
  );
  wire signed [13:0] total_1; // -7168..=7167
  my_codebook_mac_adder_with_carry #(.WIDTH(14)) total_1_adder (
    .a({accumulator_before_1[12], accumulator_before_1}), .b({dots_stage_1_sum[12], dots_stage_1_sum}),
    .carry_in(dots_stage_1_carry), .sum(total_1)
  );
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
      accumulator_0 <= total_0[12:0];
      accumulator_1 <= total_1[12:0];
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

  // ---- y
  assign sums_payload = {accumulator_1, accumulator_0};
  wire unused_bits = &{1'b0, total_0[13], total_1[13]};
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
