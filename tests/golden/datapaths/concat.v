// ---- my_concat.v
// Design my_concat, text <hash>, written by ternlet <version>
// y = the channels of maps of 4 and 8 channels as those of one of height 4 x width 4 x 12 channels (u4, 2 a beat)
module my_concat (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire a_valid,
  input  wire [7:0] a_payload, // [4*i +: 4] a i, i = 0..1
  input  wire a_last,
  input  wire b_valid,
  input  wire [7:0] b_payload, // [4*i +: 4] b i, i = 0..1
  input  wire b_last,
  input  wire y_ready,
  output wire a_ready,
  output wire b_ready,
  output wire y_valid,
  output wire [7:0] y_payload, // [4*i +: 4] y i, i = 0..1
  output wire y_last
);

  // ---- driven further down
  wire y_stage_go;

  // ---- my_concat
  reg [2:0] beat; // 0..=5
  wire turn_of_a = ~(3'd2 <= beat);
  assign a_ready = y_stage_go & turn_of_a;
  wire turn_of_b = 3'd2 <= beat;
  assign b_ready = y_stage_go & turn_of_b;
  wire y_stage_valid_next = turn_of_a ? a_valid : b_valid;
  wire [3:0] turn_of_a_choice = turn_of_a ? a_payload[3:0] : b_payload[3:0];
  wire [3:0] turn_of_a_choice_1 = turn_of_a ? a_payload[7:4] : b_payload[7:4];
  wire beat_is_5 = beat == 3'd5;
  wire [2:0] beat_plus_1 = beat + 3'd1; // 1..=6
  wire [2:0] beat_next = beat_is_5 ? 3'd0 : beat_plus_1; // 0..=5
  always @(posedge clk) begin
    if (rst) begin
      beat <= 3'd0;
    end else if (y_stage_valid_next & y_stage_go) begin
      beat <= beat_next;
    end
  end

  // ---- y
  reg y_stage_valid;
  assign y_stage_go = ~y_stage_valid | y_ready;
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
      y_stage_valid <= y_stage_valid_next;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= turn_of_a_choice;
      y_stage_1 <= turn_of_a_choice_1;
      y_stage_last <= turn_of_b & b_last;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~beat_is_5) && (3'd5 < beat_plus_1)) begin
      $display("%m: beat_plus_1 is assumed to be 1..=5 (src/blocks/digit.rs), not %0d", beat_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [4:0] a_beat; // of the 32 of a frame
  always @(posedge clk) begin
    if (rst) begin
      a_beat <= 5'd0;
    end else if (a_valid && a_ready) begin
      if (a_last != (a_beat == 5'd31)) begin
        $display("%m: a_last is %0d in beat %0d of 0 to 31 of a frame", a_last, a_beat);
        $finish;
      end
      a_beat <= a_last ? 5'd0 : (a_beat + 5'd1);
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
