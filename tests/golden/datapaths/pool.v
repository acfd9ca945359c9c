// ---- my_pool.v
// Design my_pool, text <hash>, written by ternlet <version>
// y = the largest integer of each window of 2 x 2 positions, 2 x 2 apart, of a map of height 8 x width 8 x 4 channels (u4, 2 channels a beat)
module my_pool (
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
  wire [7:0] windows_y_payload;
  assign y_payload = windows_y_payload;
  my_pool_windows windows (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(windows_y_payload), .y_last(y_last)
  );

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [6:0] x_beat; // of the 128 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 7'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 7'd127)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 127 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 7'd0 : (x_beat + 7'd1);
    end
  end
`endif
endmodule

// ---- my_pool_windows.v
// Design my_pool, text <hash>, written by ternlet <version>
// windows that do not overlap, each folded to one value as its positions come
module my_pool_windows (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [7:0] x_payload, // [4*i +: 4] x i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [7:0] y_payload, // [4*i +: 4] y i, i = 0..1
  output wire y_last
);

  // ---- driven further down
  wire gives;
  reg held_last;
  wire [3:0] folded_0;
  wire [3:0] folded_1;

  // ---- x
  wire [3:0] x_0 = x_payload[3:0];
  wire [3:0] x_1 = x_payload[7:4];

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
      y_stage_valid <= gives;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= folded_0;
      y_stage_1 <= folded_1;
      y_stage_last <= held_last;
    end
  end

  // ---- windows
  reg held;
  reg held_closes;
  assign gives = held & held_closes;
  assign x_ready = ~gives | y_stage_go;
  reg tap_0;
  reg [1:0] window_0;
  wire window_0_is_3_and_tap_0_is_1 = (window_0 == 2'd3) & (tap_0 == 1'b1);
  reg tap_1;
  reg [1:0] window_1;
  wire window_1_is_3_and_tap_1_is_1 = (window_1 == 2'd3) & (tap_1 == 1'b1);
  reg beat;
  wire seen = 1'b1;
  wire opens = (tap_0 == 1'b0) & (tap_1 == 1'b0);
  wire closes = ((tap_0 == 1'b1) | window_0_is_3_and_tap_0_is_1) & ((tap_1 == 1'b1) | window_1_is_3_and_tap_1_is_1);
  wire held_last_next = ((window_0 == 2'd3) & (window_1 == 2'd3)) & (beat == 1'b1);
  wire [2:0] address = {2'd0, beat} + {window_1, 1'b0};
  reg held_opens;
  wire beat_enable = x_valid & x_ready;
  reg [3:0] held_0;
  reg [3:0] held_1;
  reg [7:0] open_word;
  wire [3:0] choice = (open_word[3:0] < held_0) ? held_0 : open_word[3:0];
  assign folded_0 = held_opens ? held_0 : choice;
  wire [3:0] choice_1 = (open_word[7:4] < held_1) ? held_1 : open_word[7:4];
  assign folded_1 = held_opens ? held_1 : choice_1;
  reg [2:0] held_address;
  wire tap_1_enable = beat_enable & (beat == 1'b1);
  wire window_1_is_3 = window_1 == 2'd3;
  wire [2:0] window_1_plus_1 = {1'b0, window_1} + 3'd1; // 1..=4
  wire [1:0] window_1_next = window_1_is_3 ? 2'd0 : window_1_plus_1[1:0];
  wire tap_1_next = window_1_is_3_and_tap_1_is_1 ? 1'b0 : ~(tap_1 == 1'b1);
  wire tap_0_enable = tap_1_enable & window_1_is_3_and_tap_1_is_1;
  wire window_0_is_3 = window_0 == 2'd3;
  wire [2:0] window_0_plus_1 = {1'b0, window_0} + 3'd1; // 1..=4
  wire [1:0] window_0_next = window_0_is_3 ? 2'd0 : window_0_plus_1[1:0];
  wire tap_0_next = window_0_is_3_and_tap_0_is_1 ? 1'b0 : ~(tap_0 == 1'b1);
  always @(posedge clk) begin
    if (rst) begin
      tap_0 <= 1'b0;
    end else if (tap_0_enable) begin
      tap_0 <= tap_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_0 <= 2'd0;
    end else if (tap_0_enable & ((tap_0 == 1'b1) | window_0_is_3_and_tap_0_is_1)) begin
      window_0 <= window_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      tap_1 <= 1'b0;
    end else if (tap_1_enable) begin
      tap_1 <= tap_1_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_1 <= 2'd0;
    end else if (tap_1_enable & ((tap_1 == 1'b1) | window_1_is_3_and_tap_1_is_1)) begin
      window_1 <= window_1_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      beat <= 1'b0;
    end else if (beat_enable) begin
      beat <= ~(beat == 1'b1);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      held <= 1'b0;
    end else begin
      held <= (beat_enable & seen) | (held & ~x_ready);
    end
  end
  always @(posedge clk) begin
    if (beat_enable) begin
      held_opens <= opens;
      held_closes <= closes;
      held_last <= held_last_next;
      held_0 <= x_0;
      held_1 <= x_1;
      held_address <= address;
    end
  end
  (* no_rw_check *) reg [7:0] open [0:7];
  always @(posedge clk) begin
    if (held) begin
      open[held_address] <= {folded_1, folded_0};
    end
  end
  always @(posedge clk) begin
    if (beat_enable & seen) begin
      open_word <= open[address];
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~window_1_is_3) && (3'd3 < window_1_plus_1)) begin
      $display("%m: window_1_plus_1 is assumed to be 1..=3 (src/blocks/digit.rs), not %0d", window_1_plus_1);
      $finish;
    end
    if ((~rst && ~window_0_is_3) && (3'd3 < window_0_plus_1)) begin
      $display("%m: window_0_plus_1 is assumed to be 1..=3 (src/blocks/digit.rs), not %0d", window_0_plus_1);
      $finish;
    end
  end
`endif
endmodule
