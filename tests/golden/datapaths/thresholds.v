// ---- my_thresholds.v
// Design my_thresholds, text <hash>, written by ternlet <version>
// y = 0 + number of thresholds at or below sign * acc, per row; rows = 4, lanes = 2, 3 thresholds a row
module my_thresholds (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire acc_valid,
  input  wire [23:0] acc_payload, // [12*i +: 12] acc i, i = 0..1, signed
  input  wire acc_last,
  input  wire y_ready,
  output wire acc_ready,
  output wire y_valid,
  output wire [3:0] y_payload, // [2*i +: 2] y i, i = 0..1
  output wire y_last
);

  // ---- driven further down
  reg row_beat;

  // ---- acc
  reg acc_valid_q1;
  reg acc_stage_valid;
  wire acc_stage_go = ~acc_stage_valid | y_ready;
  wire acc_go = ~acc_valid_q1 | acc_stage_go;
  reg [32:0] thresholds_0_word;
  reg falls_0_word;
  reg signed [11:0] acc_0_q;
  wire reached_0_1 = $signed({thresholds_0_word[21], thresholds_0_word[21:11]}) <= acc_0_q;
  wire acc_differ = (($signed({thresholds_0_word[10], thresholds_0_word[10:0]}) <= acc_0_q) ^ reached_0_1) ^ ($signed({thresholds_0_word[32],
      thresholds_0_word[32:22]}) <= acc_0_q);
  wire [1:0] y = {reached_0_1 ^ falls_0_word, acc_differ ^ falls_0_word};
  reg [35:0] thresholds_1_word;
  reg signed [11:0] acc_1_q;
  wire reached_1_1 = $signed(thresholds_1_word[23:12]) <= acc_1_q;
  wire acc_differ_1 = (($signed(thresholds_1_word[11:0]) <= acc_1_q) ^ reached_1_1) ^ ($signed(thresholds_1_word[35:24]) <= acc_1_q);
  wire [1:0] y_1 = {reached_1_1, acc_differ_1};
  reg acc_last_q1;
  reg [1:0] acc_stage_0;
  reg [1:0] acc_stage_1;
  reg acc_stage_last;
  assign acc_ready = acc_go;
  assign y_valid = acc_stage_valid;
  assign y_last = acc_stage_last;
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
      acc_0_q <= acc_payload[11:0];
      acc_1_q <= acc_payload[23:12];
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      acc_stage_valid <= 1'b0;
    end else if (acc_stage_go) begin
      acc_stage_valid <= acc_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (acc_stage_go) begin
      acc_stage_0 <= y;
      acc_stage_1 <= y_1;
      acc_stage_last <= acc_last_q1;
    end
  end
  (* no_rw_check *) reg [32:0] thresholds_0 [0:1];
  initial begin
    thresholds_0[0] = 33'd1677795118; thresholds_0[1] = 33'd5662287861;
  end
  always @(posedge clk) begin
    if (acc_go) begin
      thresholds_0_word <= thresholds_0[row_beat];
    end
  end
  (* no_rw_check *) reg falls_0 [0:1];
  initial begin
    falls_0[0] = 1'b0; falls_0[1] = 1'b1;
  end
  always @(posedge clk) begin
    if (acc_go) begin
      falls_0_word <= falls_0[row_beat];
    end
  end
  (* no_rw_check *) reg [35:0] thresholds_1 [0:1];
  initial begin
    thresholds_1[0] = 36'd1509953446; thresholds_1[1] = 36'd34359659544;
  end
  always @(posedge clk) begin
    if (acc_go) begin
      thresholds_1_word <= thresholds_1[row_beat];
    end
  end

  // ---- row_beat
  always @(posedge clk) begin
    if (rst) begin
      row_beat <= 1'b0;
    end else if (acc_valid & acc_go) begin
      row_beat <= ~(row_beat == 1'b1);
    end
  end

  // ---- y
  assign y_payload = {acc_stage_1, acc_stage_0};

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg acc_beat; // of the 2 of a frame
  always @(posedge clk) begin
    if (rst) begin
      acc_beat <= 1'b0;
    end else if (acc_valid && acc_ready) begin
      if (acc_last != (acc_beat == 1'b1)) begin
        $display("%m: acc_last is %0d in beat %0d of 0 to 1 of a frame", acc_last, acc_beat);
        $finish;
      end
      acc_beat <= acc_last ? 1'b0 : (acc_beat + 1'b1);
    end
  end
`endif
endmodule
