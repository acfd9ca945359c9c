// ---- my_requantize.v
// Design my_requantize, text <hash>, written by ternlet <version>
// y = clamp(round((acc * multiplier + bias) / 2^10), 0, 15) per row; rows = 8, lanes = 1; rounding half_up
module my_requantize (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire acc_valid,
  input  wire [15:0] acc_payload, // acc, signed
  input  wire acc_last,
  input  wire y_ready,
  output wire acc_ready,
  output wire y_valid,
  output wire [3:0] y_payload, // y
  output wire y_last
);

  // ---- driven further down
  reg [2:0] row_beat;

  // ---- acc
  reg acc_valid_q2;
  reg acc_stage_valid;
  wire acc_stage_go = ~acc_stage_valid | y_ready;
  wire acc_go = ~acc_valid_q2 | acc_stage_go;
  reg [5:0] multiplier;
  reg signed [15:0] acc_q;
  wire signed [21:0] product = $signed({{6{acc_q[15]}}, acc_q}) * $signed({16'd0, multiplier}); // -2064384..=2064321
  wire signed [21:0] biased = product; // -2064384..=2064321
  reg signed [21:0] biased_q; // -2064384..=2064321
  wire signed [21:0] biased_q_plus_512 = biased_q + 22'd512; // -2063872..=2064833
  wire [3:0] y = ($signed(biased_q_plus_512[21:10]) < 12'sd0) ? 4'd0 : (12'sd15 < $signed(biased_q_plus_512[21:10])) ? 4'd15 : biased_q_plus_512[13:10];
  reg acc_valid_q1;
  reg acc_last_q1;
  reg acc_last_q2;
  reg [3:0] acc_stage;
  reg acc_stage_last;
  assign acc_ready = acc_go;
  assign y_valid = acc_stage_valid;
  assign y_payload = acc_stage;
  assign y_last = acc_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      acc_valid_q1 <= 1'b0;
      acc_valid_q2 <= 1'b0;
    end else if (acc_go) begin
      acc_valid_q1 <= acc_valid;
      acc_valid_q2 <= acc_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (acc_go) begin
      acc_last_q1 <= acc_last;
      acc_last_q2 <= acc_last_q1;
      acc_q <= acc_payload;
      biased_q <= biased;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      acc_stage_valid <= 1'b0;
    end else if (acc_stage_go) begin
      acc_stage_valid <= acc_valid_q2;
    end
  end
  always @(posedge clk) begin
    if (acc_stage_go) begin
      acc_stage <= y;
      acc_stage_last <= acc_last_q2;
    end
  end
  (* no_rw_check *) reg [5:0] row_constants [0:7];
  initial begin
    row_constants[0] = 6'd37; row_constants[1] = 6'd41; row_constants[2] = 6'd29; row_constants[3] = 6'd35; row_constants[4] = 6'd40; row_constants[5] = 6'd33; row_constants[6] = 6'd38; row_constants[7] = 6'd36;
  end
  always @(posedge clk) begin
    if (acc_go) begin
      multiplier <= row_constants[row_beat];
    end
  end

  // ---- row_beat
  wire row_beat_is_7 = row_beat == 3'd7;
  wire [3:0] row_beat_plus_1 = {1'b0, row_beat} + 4'd1; // 1..=8
  wire [2:0] row_beat_next = row_beat_is_7 ? 3'd0 : row_beat_plus_1[2:0];
  always @(posedge clk) begin
    if (rst) begin
      row_beat <= 3'd0;
    end else if (acc_valid & acc_go) begin
      row_beat <= row_beat_next;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~row_beat_is_7) && (4'd7 < row_beat_plus_1)) begin
      $display("%m: row_beat_plus_1 is assumed to be 1..=7 (src/datapath/row_constants.rs), not %0d", row_beat_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [2:0] acc_beat; // of the 8 of a frame
  always @(posedge clk) begin
    if (rst) begin
      acc_beat <= 3'd0;
    end else if (acc_valid && acc_ready) begin
      if (acc_last != (acc_beat == 3'd7)) begin
        $display("%m: acc_last is %0d in beat %0d of 0 to 7 of a frame", acc_last, acc_beat);
        $finish;
      end
      acc_beat <= acc_last ? 3'd0 : (acc_beat + 3'd1);
    end
  end
`endif
  wire unused_bits = &{1'b0, biased_q_plus_512[9:0]};
endmodule
