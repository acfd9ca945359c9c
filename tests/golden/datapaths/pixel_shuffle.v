// ---- my_pixel_shuffle.v
// Design my_pixel_shuffle, text <hash>, written by ternlet <version>
// y = maps of height 4 x width 4 x 8 channels (u4, 2 channels a beat), whose channels become [2, 2] positions along the axes, position after position
module my_pixel_shuffle (
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
  my_pixel_shuffle_reorder reorder (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .y_ready(y_stage_go), .y_valid(reorder_y_valid), .y_payload(reorder_y_payload)
  );

  // ---- y
  reg y_stage_valid;
  assign y_stage_go = ~y_stage_valid | y_ready;
  reg [5:0] y_frame_place;
  wire y_frame_place_is_63 = y_frame_place == 6'd63;
  wire [6:0] y_frame_place_plus_1 = {1'b0, y_frame_place} + 7'd1; // 1..=64
  wire [5:0] y_frame_place_next = y_frame_place_is_63 ? 6'd0 : y_frame_place_plus_1[5:0];
  reg [3:0] y_stage_0;
  reg [3:0] y_stage_1;
  reg y_stage_last;
  assign y_payload = {y_stage_1, y_stage_0};
  assign y_valid = y_stage_valid;
  assign y_last = y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      y_frame_place <= 6'd0;
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
      y_stage_last <= y_frame_place_is_63;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~y_frame_place_is_63) && (7'd63 < y_frame_place_plus_1)) begin
      $display("%m: y_frame_place_plus_1 is assumed to be 1..=63 (src/datapath/rearranged.rs), not %0d", y_frame_place_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [5:0] x_beat; // of the 64 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 6'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 6'd63)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 63 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 6'd0 : (x_beat + 6'd1);
    end
  end
`endif
endmodule

// ---- my_pixel_shuffle_reorder.v
// Design my_pixel_shuffle, text <hash>, written by ternlet <version>
// each 16 beats as 16 in another order; the next are taken meanwhile
module my_pixel_shuffle_reorder (
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
  reg [4:0] fill;
  wire fill_enable;
  reg [4:0] address;
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
  (* no_rw_check, ram_style = "block" *) reg [7:0] frames [0:31];
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
  wire fill_is_31 = fill == 5'd31;
  wire [5:0] fill_plus_1 = {1'b0, fill} + 6'd1; // 1..=32
  wire [4:0] fill_next = fill_is_31 ? 5'd0 : fill_plus_1[4:0];
  wire filled = fill_enable & ((fill == 5'd15) | (fill == 5'd31));
  reg loop_0;
  reg [1:0] loop_1;
  reg loop_2;
  wire frame_end = ((loop_0 == 1'b1) & (loop_1 == 2'd3)) & (loop_2 == 1'b1);
  reg second;
  assign not_full_is_0 = ~(full == 2'd0);
  wire loop_2_enable = not_full_is_0 & place_go;
  wire given = loop_2_enable & frame_end;
  wire loop_1_enable = loop_2_enable & (loop_2 == 1'b1);
  wire loop_2_is_1 = loop_2 == 1'b1;
  wire [1:0] loop_2_is_1_choice = loop_2_is_1 ? 2'd3 : 2'd1; // 1..=3
  wire loop_1_is_3 = loop_1 == 2'd3;
  wire [2:0] loop_1_plus_1 = {1'b0, loop_1} + 3'd1; // 1..=4
  wire [1:0] loop_1_next = loop_1_is_3 ? 2'd0 : loop_1_plus_1[1:0];
  wire signed [4:0] choice = (loop_2_is_1 & (loop_1 == 2'd3)) ? -5'sd11 : {3'd0, loop_2_is_1_choice}; // -11..=3
  wire signed [6:0] sum = {2'd0, address} + {{2{choice[4]}}, choice}; // -11..=34
  wire [4:0] second_choice = second ? 5'd0 : 5'd16; // 0..=16
  wire [4:0] address_next = frame_end ? second_choice : sum[4:0];
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
      second <= second ^ (loop_2_enable & frame_end);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      fill <= 5'd0;
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
      address <= 5'd0;
    end else if (loop_2_enable) begin
      loop_2 <= ~(loop_2 == 1'b1);
      address <= address_next;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~fill_is_31) && (6'd31 < fill_plus_1)) begin
      $display("%m: fill_plus_1 is assumed to be 1..=31 (src/blocks/digit.rs), not %0d", fill_plus_1);
      $finish;
    end
    if ((~rst && ~loop_1_is_3) && (3'd3 < loop_1_plus_1)) begin
      $display("%m: loop_1_plus_1 is assumed to be 1..=3 (src/blocks/digit.rs), not %0d", loop_1_plus_1);
      $finish;
    end
    if ((~rst && ~frame_end) && ((sum < 7'sd0) || (7'sd31 < sum))) begin
      $display("%m: number is assumed to be 0..=31 (src/blocks/reorder.rs), not %0d", sum);
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
