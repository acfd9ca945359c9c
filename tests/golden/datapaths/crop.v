// ---- my_crop.v
// Design my_crop, text <hash>, written by ternlet <version>
// y = maps of height 6 x width 6 x 4 channels (u4, 2 channels a beat) without [[1, 1], [1, 1]] positions at the ends of the axes
module my_crop (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [7:0] x_payload, // [4*i +: 4] x i, i = 0..1
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [7:0] y_payload, // [4*i +: 4] y i, i = 0..1
  output wire y_last
);

  // ---- driven further down
  wire y_stage_go;

  // ---- my_crop
  reg [2:0] axis_0; // 0..=5
  reg [2:0] axis_1; // 0..=5
  wire both = ((3'd1 <= axis_0) & (axis_0 < 3'd5)) & (3'd1 <= axis_1);
  wire inside_1 = both & (axis_1 < 3'd5);
  assign x_ready = y_stage_go | ~inside_1;
  reg beat;
  wire last_inside = ((axis_0 == 3'd4) & (axis_1 == 3'd4)) & (beat == 1'b1);
  wire beat_enable = x_valid & x_ready;
  wire axis_1_enable = beat_enable & (beat == 1'b1);
  wire axis_1_is_5 = axis_1 == 3'd5;
  wire [2:0] axis_1_plus_1 = axis_1 + 3'd1; // 1..=6
  wire [2:0] axis_1_next = axis_1_is_5 ? 3'd0 : axis_1_plus_1; // 0..=5
  wire axis_0_is_5 = axis_0 == 3'd5;
  wire [2:0] axis_0_plus_1 = axis_0 + 3'd1; // 1..=6
  wire [2:0] axis_0_next = axis_0_is_5 ? 3'd0 : axis_0_plus_1; // 0..=5
  always @(posedge clk) begin
    if (rst) begin
      axis_0 <= 3'd0;
    end else if (axis_1_enable & (axis_1 == 3'd5)) begin
      axis_0 <= axis_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      axis_1 <= 3'd0;
    end else if (axis_1_enable) begin
      axis_1 <= axis_1_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      beat <= 1'b0;
    end else if (beat_enable) begin
      beat <= ~(beat == 1'b1);
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
      y_stage_valid <= x_valid & inside_1;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= x_payload[3:0];
      y_stage_1 <= x_payload[7:4];
      y_stage_last <= last_inside;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~axis_1_is_5) && (3'd5 < axis_1_plus_1)) begin
      $display("%m: axis_1_plus_1 is assumed to be 1..=5 (src/blocks/digit.rs), not %0d", axis_1_plus_1);
      $finish;
    end
    if ((~rst && ~axis_0_is_5) && (3'd5 < axis_0_plus_1)) begin
      $display("%m: axis_0_plus_1 is assumed to be 1..=5 (src/blocks/digit.rs), not %0d", axis_0_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [6:0] x_beat; // of the 72 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 7'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 7'd71)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 71 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 7'd0 : (x_beat + 7'd1);
    end
  end
`endif
endmodule
