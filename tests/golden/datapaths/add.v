// ---- my_add.v
// Design my_add, text <hash>, written by ternlet <version>
// y = a + b of maps of height 4 x width 4 x 8 channels (a is u4, b is s5), 2 channels a beat; requantized
module my_add (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire a_valid,
  input  wire [7:0] a_payload, // [4*i +: 4] a i, i = 0..1
  input  wire a_last,
  input  wire b_valid,
  input  wire [9:0] b_payload, // [5*i +: 5] b i, i = 0..1, signed
  input  wire b_last,
  input  wire y_ready,
  output wire a_ready,
  output wire b_ready,
  output wire y_valid,
  output wire [7:0] y_payload, // [4*i +: 4] y i, i = 0..1
  output wire y_last
);

  // ---- a_b
  wire requantize_acc_ready;
  assign a_ready = requantize_acc_ready & b_valid;
  assign b_ready = requantize_acc_ready & a_valid;
  wire a_b_valid = a_valid & b_valid;
  wire signed [5:0] sum_0 = {2'd0, a_payload[3:0]} + {b_payload[4], b_payload[4:0]}; // -16..=30
  wire signed [5:0] sum_1 = {2'd0, a_payload[7:4]} + {b_payload[9], b_payload[9:5]}; // -16..=30

  // ---- y
  wire [7:0] requantize_y_payload;
  assign y_payload = requantize_y_payload;
  my_add_requantize requantize (
    .clk(clk), .rst(rst),
    .acc_valid(a_b_valid), .acc_payload({sum_1, sum_0}), .acc_last(a_last), .acc_ready(requantize_acc_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(requantize_y_payload), .y_last(y_last)
  );

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [5:0] a_beat; // of the 64 of a frame
  always @(posedge clk) begin
    if (rst) begin
      a_beat <= 6'd0;
    end else if (a_valid && a_ready) begin
      if (a_last != (a_beat == 6'd63)) begin
        $display("%m: a_last is %0d in beat %0d of 0 to 63 of a frame", a_last, a_beat);
        $finish;
      end
      a_beat <= a_last ? 6'd0 : (a_beat + 6'd1);
    end
  end
  reg [5:0] b_beat; // of the 64 of a frame
  always @(posedge clk) begin
    if (rst) begin
      b_beat <= 6'd0;
    end else if (b_valid && b_ready) begin
      if (b_last != (b_beat == 6'd63)) begin
        $display("%m: b_last is %0d in beat %0d of 0 to 63 of a frame", b_last, b_beat);
        $finish;
      end
      b_beat <= b_last ? 6'd0 : (b_beat + 6'd1);
    end
  end
`endif
endmodule

// ---- my_add_requantize.v
// Design my_add, text <hash>, written by ternlet <version>
// y = clamp(round((acc * multiplier + bias) / 2^2), 0, 15) per row; rows = 8, lanes = 2; rounding half_up
module my_add_requantize (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire acc_valid,
  input  wire [11:0] acc_payload, // [6*i +: 6] acc i, i = 0..1, -16..=30
  input  wire acc_last,
  input  wire y_ready,
  output wire acc_ready,
  output wire y_valid,
  output wire [7:0] y_payload, // [4*i +: 4] y i, i = 0..1
  output wire y_last
);

  // ---- driven further down
  reg acc_valid_q1;
  wire acc_go;
  wire [3:0] y;
  wire [3:0] y_1;
  reg acc_last_q1;

  // ---- a_b
  wire signed [5:0] acc_0 = acc_payload[5:0]; // -16..=30
  wire signed [5:0] acc_1 = acc_payload[11:6]; // -16..=30
  assign acc_ready = acc_go;

  // ---- y
  reg y_stage_valid;
  wire y_stage_go = ~y_stage_valid | y_ready;
  reg [3:0] y_stage_0;
  reg [3:0] y_stage_1;
  reg y_stage_last;
  assign y_payload = {y_stage_1, y_stage_0};
  assign y_valid = y_stage_valid;
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
      y_stage_0 <= y;
      y_stage_1 <= y_1;
      y_stage_last <= acc_last_q1;
    end
  end

  // ---- acc
  assign acc_go = ~acc_valid_q1 | y_stage_go;
  wire signed [8:0] product = {acc_0[5], acc_0, 2'd0} - {{3{acc_0[5]}}, acc_0}; // -94..=136
  wire signed [8:0] biased = product; // -94..=136
  wire signed [8:0] biased_plus_2 = biased + 9'd2; // -92..=138
  reg signed [6:0] biased_plus_2_shifted_plus_0_q; // -23..=34
  assign y = (biased_plus_2_shifted_plus_0_q < 7'sd0) ? 4'd0 : (7'sd15 < biased_plus_2_shifted_plus_0_q) ? 4'd15 : biased_plus_2_shifted_plus_0_q[3:0];
  wire signed [8:0] product_1 = {acc_1[5], acc_1, 2'd0} - {{3{acc_1[5]}}, acc_1}; // -94..=136
  wire signed [8:0] biased_1 = product_1; // -94..=136
  wire signed [8:0] biased_plus_2_1 = biased_1 + 9'd2; // -92..=138
  reg signed [6:0] biased_plus_2_shifted_plus_0_q_1; // -23..=34
  assign y_1 = (biased_plus_2_shifted_plus_0_q_1 < 7'sd0) ? 4'd0 : (7'sd15 < biased_plus_2_shifted_plus_0_q_1) ? 4'd15 : biased_plus_2_shifted_plus_0_q_1[3:0];
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
      biased_plus_2_shifted_plus_0_q <= biased_plus_2[8:2];
      biased_plus_2_shifted_plus_0_q_1 <= biased_plus_2_1[8:2];
    end
  end
  wire unused_bits = &{1'b0, biased_plus_2[1:0], biased_plus_2_1[1:0]};
endmodule
