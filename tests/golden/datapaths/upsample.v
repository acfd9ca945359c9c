// ---- my_upsample.v
// Design my_upsample, text <hash>, written by ternlet <version>
// y = maps of height 4 x width 4 x 4 channels (u4, 2 channels a beat), each position [2, 2] times along the axes
module my_upsample (
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

  // ---- place
  wire [7:0] reorder_y_payload;
  wire reorder_y_valid;
  my_upsample_reorder reorder (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .y_ready(y_stage_go), .y_valid(reorder_y_valid), .y_payload(reorder_y_payload)
  );

  // ---- y
  reg y_stage_valid;
  assign y_stage_go = ~y_stage_valid | y_ready;
  reg [6:0] y_frame_place;
  wire y_frame_place_is_127 = y_frame_place == 7'd127;
  wire [7:0] y_frame_place_plus_1 = {1'b0, y_frame_place} + 8'd1; // 1..=128
  wire [6:0] y_frame_place_next = y_frame_place_is_127 ? 7'd0 : y_frame_place_plus_1[6:0];
  reg [3:0] y_stage_0;
  reg [3:0] y_stage_1;
  reg y_stage_last;
  assign y_payload = {y_stage_1, y_stage_0};
  assign y_valid = y_stage_valid;
  assign y_last = y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_frame_place <= 7'd0;
    end else if (reorder_y_valid & y_stage_go) begin
      y_frame_place <= y_frame_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      y_stage_valid <= 1'b0;
    end else if (y_stage_go) begin
      y_stage_valid <= reorder_y_valid;
    end
  end
  always @(posedge clk) begin
    if (y_stage_go) begin
      y_stage_0 <= reorder_y_payload[3:0];
      y_stage_1 <= reorder_y_payload[7:4];
      y_stage_last <= y_frame_place_is_127;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~y_frame_place_is_127) && (8'd127 < y_frame_place_plus_1)) begin
      $display("%m: y_frame_place_plus_1 is assumed to be 1..=127 (src/datapath/rearranged.rs), not %0d", y_frame_place_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [4:0] x_beat; // of the 32 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 5'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 5'd31)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 31 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 5'd0 : (x_beat + 5'd1);
    end
  end
`endif
endmodule

// ---- my_upsample_reorder.v
// Design my_upsample, text <hash>, written by ternlet <version>
// each 8 beats as 32 in another order; the next are taken meanwhile
module my_upsample_reorder (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [7:0] x_payload, // [4*i +: 4] x i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [7:0] y_payload // [4*i +: 4] y i, i = 0..1
);

  // ---- driven further down
  reg [3:0] fill;
  wire fill_enable;
  reg [3:0] address;
  wire not_full_is_0;

  // ---- x
  wire [3:0] x_0 = x_payload[3:0];
  wire [3:0] x_1 = x_payload[7:4];

  // ---- place
  reg place_valid_q1;
  wire place_go = ~place_valid_q1 | y_ready;
  reg [7:0] frames_word;
  assign y_payload = frames_word;
  assign y_valid = place_valid_q1;
  always @(posedge clk) begin
    if (rst) begin
      place_valid_q1 <= 1'b0;
    end else if (place_go) begin
      place_valid_q1 <= not_full_is_0;
    end
  end
  (* no_rw_check *) reg [7:0] frames [0:15];
  always @(posedge clk) begin
    if (fill_enable) begin
      frames[fill] <= {x_1, x_0};
    end
  end
  always @(posedge clk) begin
    if (place_go) begin
      frames_word <= frames[address];
    end
  end

  // ---- reorder
  reg [1:0] full; // 0..=2
  assign x_ready = ~(full == 2'd2);
  assign fill_enable = x_valid & x_ready;
  wire fill_is_15 = fill == 4'd15;
  wire [4:0] fill_plus_1 = {1'b0, fill} + 5'd1; // 1..=16
  wire [3:0] fill_next = fill_is_15 ? 4'd0 : fill_plus_1[3:0];
  wire filled = fill_enable & ((fill == 4'd7) | (fill == 4'd15));
  reg loop_0;
  reg [1:0] loop_1;
  reg loop_2;
  reg loop_3;
  wire both = ((loop_0 == 1'b1) & (loop_1 == 2'd3)) & (loop_2 == 1'b1);
  wire frame_end = both & (loop_3 == 1'b1);
  reg second;
  assign not_full_is_0 = ~(full == 2'd0);
  wire loop_3_enable = not_full_is_0 & place_go;
  wire given = loop_3_enable & frame_end;
  wire loop_2_enable = loop_3_enable & (loop_3 == 1'b1);
  wire loop_3_is_1 = loop_3 == 1'b1;
  wire signed [1:0] loop_3_is_1_choice = loop_3_is_1 ? -2'sd1 : 2'd1; // -1..=1
  wire loop_1_enable = loop_2_enable & (loop_2 == 1'b1);
  wire loop_3_is_1_and_loop_2_is_1 = loop_3_is_1 & (loop_2 == 1'b1);
  wire signed [1:0] choice = loop_3_is_1_and_loop_2_is_1 ? 2'd1 : loop_3_is_1_choice; // -1..=1
  wire loop_1_is_3 = loop_1 == 2'd3;
  wire [2:0] loop_1_plus_1 = {1'b0, loop_1} + 3'd1; // 1..=4
  wire [1:0] loop_1_next = loop_1_is_3 ? 2'd0 : loop_1_plus_1[1:0];
  wire signed [3:0] choice_1 = (loop_3_is_1_and_loop_2_is_1 & (loop_1 == 2'd3)) ? -4'sd7 : {{2{choice[1]}}, choice}; // -7..=1
  wire signed [5:0] sum = {2'd0, address} + {{2{choice_1[3]}}, choice_1}; // -7..=16
  wire [3:0] second_choice = second ? 4'd0 : 4'd8; // 0..=8
  wire [3:0] address_next = frame_end ? second_choice : sum[3:0];
  wire [1:0] full_plus_1 = full + 2'd1; // 1..=3
  wire signed [1:0] full_minus_1 = full - 2'd1; // -1..=1
  wire [1:0] filled_choice = filled ? full_plus_1 : {1'b0, full_minus_1[0]}; // 0..=2
  wire [1:0] full_next = (filled ^ given) ? filled_choice : full; // 0..=2
  always @(posedge clk) begin
    if (rst) begin
      full <= 2'd0;
      second <= 1'b0;
    end else begin
      full <= full_next;
      second <= second ^ (loop_3_enable & frame_end);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      fill <= 4'd0;
    end else if (fill_enable) begin
      fill <= fill_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      loop_0 <= 1'b0;
    end else if (loop_1_enable & (loop_1 == 2'd3)) begin
      loop_0 <= ~(loop_0 == 1'b1);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      loop_1 <= 2'd0;
    end else if (loop_1_enable) begin
      loop_1 <= loop_1_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      loop_2 <= 1'b0;
    end else if (loop_2_enable) begin
      loop_2 <= ~(loop_2 == 1'b1);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      loop_3 <= 1'b0;
      address <= 4'd0;
    end else if (loop_3_enable) begin
      loop_3 <= ~(loop_3 == 1'b1);
      address <= address_next;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~fill_is_15) && (5'd15 < fill_plus_1)) begin
      $display("%m: fill_plus_1 is assumed to be 1..=15 (src/blocks/digit.rs), not %0d", fill_plus_1);
      $finish;
    end
    if ((~rst && ~loop_1_is_3) && (3'd3 < loop_1_plus_1)) begin
      $display("%m: loop_1_plus_1 is assumed to be 1..=3 (src/blocks/digit.rs), not %0d", loop_1_plus_1);
      $finish;
    end
    if ((~rst && ~frame_end) && ((sum < 6'sd0) || (6'sd15 < sum))) begin
      $display("%m: number is assumed to be 0..=15 (src/blocks/reorder.rs), not %0d", sum);
      $finish;
    end
    if ((~rst && (~given & filled)) && (2'd2 < full_plus_1)) begin
      $display("%m: full_plus_1 is assumed to be 1..=2 (src/blocks/reorder.rs), not %0d", full_plus_1);
      $finish;
    end
    if ((~rst && (given & ~filled)) && (full_minus_1 < 2'sd0)) begin
      $display("%m: full_minus_1 is assumed to be 0..=1 (src/blocks/reorder.rs), not %0d", full_minus_1);
      $finish;
    end
  end
`endif
endmodule
