// ---- my_edges.v
// Design my_edges, text <hash>, written by ternlet <version>
// local maxima above 20 of the modulus of the wavelet transform at scale 2; pictures of up to 64 x 48 pixels (u8)
module my_edges (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire size_valid,
  input  wire [12:0] size_payload, // [5:0] height, 1..=48; [12:6] width, 1..=64
  input  wire x_valid,
  input  wire [7:0] x_payload, // pixel
  input  wire x_last,
  input  wire y_ready,
  output wire size_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [8:0] y_payload, // modulus
  output wire y_last
);

  // ---- driven further down
  wire modulus_x_ready;
  wire gradient_y_valid;
  wire [9:0] smooth_1_y_payload;
  wire [19:0] gradient_y_payload;
  wire edges_stage_go;

  // ---- x
  wire maximum_x_ready;
  wire [19:0] modulus_y_payload;
  wire modulus_y_valid;
  my_edges_modulus modulus (
    .clk(clk), .rst(rst),
    .x_valid(gradient_y_valid), .x_payload(gradient_y_payload), .x_ready(modulus_x_ready),
    .y_ready(maximum_x_ready), .y_valid(modulus_y_valid), .y_payload(modulus_y_payload)
  );

  // ---- my_edges
  wire gradient_x_ready;
  wire smooth_1_x_ready;
  assign size_ready = (smooth_1_x_ready & x_valid) & x_last;
  assign x_ready = smooth_1_x_ready & size_valid;
  reg [6:0] raster_left_1;
  reg raster_start_1;
  wire [6:0] raster_now_1 = raster_start_1 ? size_payload[12:6] : raster_left_1;
  wire raster_end_1 = raster_now_1 == 7'd1;
  wire raster_valid = x_valid & size_valid;
  wire raster_left_1_enable = x_valid & x_ready;
  wire signed [7:0] raster_now_1_minus_1 = {1'b0, raster_now_1} - 8'd1; // -1..=126
  wire smooth_1_y_valid;
  wire [10:0] maximum_y_payload;
  my_edges_smooth_1 smooth_1_2 (
    .clk(clk), .rst(rst),
    .x_valid(raster_valid), .x_payload({raster_end_1, x_last, x_payload}), .x_ready(smooth_1_x_ready),
    .y_ready(gradient_x_ready), .y_valid(smooth_1_y_valid), .y_payload(smooth_1_y_payload)
  );
  my_edges_gradient gradient (
    .clk(clk), .rst(rst),
    .x_valid(smooth_1_y_valid), .x_payload(smooth_1_y_payload), .x_ready(gradient_x_ready),
    .y_ready(modulus_x_ready), .y_valid(gradient_y_valid), .y_payload(gradient_y_payload)
  );
  always @(posedge clk) begin
    if (rst) begin
      raster_left_1 <= 7'd0;
      raster_start_1 <= 1'b1;
    end else if (raster_left_1_enable) begin
      raster_left_1 <= raster_now_1_minus_1[6:0];
      raster_start_1 <= raster_end_1;
    end
  end

  // ---- y
  wire maximum_y_valid;
  my_edges_maximum maximum_1 (
    .clk(clk), .rst(rst),
    .x_valid(modulus_y_valid), .x_payload(modulus_y_payload), .x_ready(maximum_x_ready),
    .y_ready(edges_stage_go), .y_valid(maximum_y_valid), .y_payload(maximum_y_payload)
  );

  // ---- edges
  reg edges_stage_valid;
  assign edges_stage_go = ~edges_stage_valid | y_ready;
  reg [8:0] edges_stage;
  reg edges_stage_last;
  assign y_valid = edges_stage_valid;
  assign y_payload = edges_stage;
  assign y_last = edges_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      edges_stage_valid <= 1'b0;
    end else if (edges_stage_go) begin
      edges_stage_valid <= maximum_y_valid;
    end
  end
  always @(posedge clk) begin
    if (edges_stage_go) begin
      edges_stage <= maximum_y_payload[8:0];
      edges_stage_last <= maximum_y_payload[9] & maximum_y_payload[10];
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && size_valid) && ((size_payload[12:6] < 7'd1) || (7'd64 < size_payload[12:6]))) begin
      $display("%m: size_width is assumed to be 1..=64 (src/hdl/payload.rs), not %0d", size_payload[12:6]);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, size_payload[5:0], raster_now_1_minus_1[7]};
endmodule

// ---- my_edges_smooth_1.v
// Design my_edges, text <hash>, written by ternlet <version>
// smoothed by 1, 3, 3, 1 along both axes, 1 pixels from tap to tap
module my_edges_smooth_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [7:0] x_pixel; [8 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [9:0] y_payload // [7:0] y_smooth; [8 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire [7:0] x_pixel;
  wire x_end_0;
  wire [33:0] rows_y_payload;
  wire [33:0] columns_y_payload;
  reg y_valid_q1;
  wire columns_x_ready;
  wire y_go;
  wire [7:0] smooth_1;

  // ---- smooth_1
  wire x_end_1 = x_payload[9];
  wire rows_y_valid;
  reg window_end_2_q;
  reg rows_y_payload_33_q;
  wire y_end_0 = columns_y_payload[32];
  wire y_end_1 = columns_y_payload[33];
  my_edges_rows rows (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload({x_end_1, x_end_0, x_pixel}), .x_ready(x_ready),
    .y_ready(y_go), .y_valid(rows_y_valid), .y_payload(rows_y_payload)
  );
  my_edges_columns columns (
    .clk(clk), .rst(rst),
    .x_valid(y_valid_q1), .x_payload({rows_y_payload_33_q, window_end_2_q, smooth_1}), .x_ready(columns_x_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(columns_y_payload)
  );
  always @(posedge clk) begin
    if (y_go) begin
      window_end_2_q <= rows_y_payload[32];
      rows_y_payload_33_q <= rows_y_payload[33];
    end
  end

  // ---- x
  assign x_pixel = x_payload[7:0];
  assign x_end_0 = x_payload[8];

  // ---- y
  assign y_go = ~y_valid_q1 | columns_x_ready;
  wire [8:0] outer; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) outer_adder (
    .a(rows_y_payload[7:0]), .b(rows_y_payload[31:24]), .sum(outer)
  );
  wire [8:0] inner; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) inner_adder (
    .a(rows_y_payload[15:8]), .b(rows_y_payload[23:16]), .sum(inner)
  );
  wire [9:0] all; // 0..=1020
  my_edges_widening_adder #(.WIDTH(9)) all_adder (.a(outer), .b(inner), .sum(all));
  wire [10:0] weighted; // 0..=2040
  my_edges_widening_adder #(.WIDTH(10)) weighted_adder (.a(all), .b({inner, 1'b0}), .sum(weighted));
  reg [10:0] weighted_q; // 0..=2040
  wire [10:0] weighted_q_plus_4 = weighted_q + 11'd4; // 4..=2044
  assign smooth_1 = weighted_q_plus_4[10:3];
  wire [8:0] outer_1; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) outer_1_adder (
    .a(columns_y_payload[7:0]), .b(columns_y_payload[31:24]), .sum(outer_1)
  );
  wire [8:0] inner_1; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) inner_1_adder (
    .a(columns_y_payload[15:8]), .b(columns_y_payload[23:16]), .sum(inner_1)
  );
  wire [9:0] all_1; // 0..=1020
  my_edges_widening_adder #(.WIDTH(9)) all_1_adder (.a(outer_1), .b(inner_1), .sum(all_1));
  wire [10:0] weighted_1; // 0..=2040
  my_edges_widening_adder #(.WIDTH(10)) weighted_1_adder (.a(all_1), .b({inner_1, 1'b0}), .sum(weighted_1));
  wire [10:0] weighted_plus_4 = weighted_1 + 11'd4; // 4..=2044
  wire [7:0] smooth_1_1 = weighted_plus_4[10:3];
  assign y_payload = {y_end_1, y_end_0, smooth_1_1};
  always @(posedge clk) begin
    if (rst) begin
      y_valid_q1 <= 1'b0;
    end else if (y_go) begin
      y_valid_q1 <= rows_y_valid;
    end
  end
  always @(posedge clk) begin
    if (y_go) begin
      weighted_q <= weighted;
    end
  end
  wire unused_bits = &{1'b0, weighted_q_plus_4[2:0], weighted_plus_4[2:0]};
endmodule

// ---- my_edges_rows.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 4 along an axis, 1 apart
module my_edges_rows (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [7:0] x_pixel; [8 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [33:0] y_payload // [8*i +: 8] y_pixel i, i = 0..3; [32 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire [7:0] x_pixel;
  wire x_end_0;

  // ---- rows
  wire x_end_1 = x_payload[9];
  reg window_fresh;
  reg window_there_2;
  wire window_emits = window_fresh & window_there_2;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg [5:0] window_written;
  reg [5:0] window_inner_0;
  wire inverted = ~(window_fresh & (window_written == window_inner_0));
  reg window_line_start;
  reg window_between;
  reg window_there_0;
  reg window_there_1;
  reg window_flushing;
  wire window_flushes = window_line_start ? (window_between & (window_there_0 | window_there_1)) : window_flushing;
  wire raster_ready = (not_window_emits_or_y_ready & inverted) & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_end_2;
  reg window_before;
  reg [1:0] window_after; // 0..=2
  reg [5:0] window_last_address;
  wire window_line_end = window_flushes ? (window_inner_0 == window_last_address) : x_end_1;
  wire window_steps = (not_window_emits_or_y_ready & inverted) & (x_valid | window_flushes);
  reg [7:0] window_0_0;
  reg [23:0] window_lines_word;
  wire window_there_0_enable = window_steps & window_line_start;
  wire [1:0] window_end_0_choice = window_end_0 ? 2'd1 : 2'd2; // 1..=2
  wire [1:0] window_after_next = window_end_1 ? 2'd0 : window_end_0_choice; // 0..=2
  wire [6:0] window_inner_0_plus_1 = {1'b0, window_inner_0} + 7'd1; // 1..=64
  wire [5:0] window_inner_0_next = window_line_end ? 6'd0 : window_inner_0_plus_1[5:0];
  reg window_line_end_q;
  assign x_ready = raster_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_there_2 <= 1'b0;
      window_end_1 <= 1'b0;
      window_end_2 <= 1'b0;
      window_before <= 1'b0;
      window_after <= 2'd0;
    end else if (window_there_0_enable) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_there_2 <= window_there_1;
      window_end_1 <= window_end_0;
      window_end_2 <= window_end_1;
      window_before <= window_there_2;
      window_after <= window_after_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
      window_line_start <= 1'b1;
      window_inner_0 <= 6'd0;
    end else if (window_steps) begin
      window_end_0 <= x_end_0 & ~window_flushes;
      window_line_start <= window_line_end;
      window_inner_0 <= window_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_flushing <= 1'b0;
    end else if (window_steps & window_line_start) begin
      window_flushing <= window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_last_address <= 6'd0;
    end else if (window_steps & window_line_end) begin
      window_last_address <= window_inner_0;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_written <= window_inner_0;
      window_0_0 <= x_pixel;
      window_line_end_q <= window_line_end;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [23:0] window_lines [0:63];
  always @(posedge clk) begin
    if (window_fresh) begin
      window_lines[window_written] <= {window_lines_word[15:0], window_0_0};
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_lines_word <= window_lines[window_inner_0];
    end
  end

  // ---- x
  assign x_pixel = x_payload[7:0];
  assign x_end_0 = x_payload[8];

  // ---- window
  wire [7:0] window_before_is_1_choice = (window_before == 1'b1) ? window_lines_word[23:16] : window_lines_word[15:8];
  wire [7:0] window_after_is_0_choice = (window_after == 2'd0) ? window_lines_word[15:8] : window_lines_word[7:0];
  wire [7:0] window_after_is_1_choice = (window_after == 2'd1) ? window_lines_word[7:0] : window_0_0;
  wire [7:0] window_after_is_0_choice_1 = (window_after == 2'd0) ? window_lines_word[15:8] : window_after_is_1_choice;
  assign y_payload = {window_line_end_q, window_end_2, window_after_is_0_choice_1, window_after_is_0_choice, window_lines_word[15:8],
      window_before_is_1_choice};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && (window_steps & ~window_line_end)) && (7'd63 < window_inner_0_plus_1)) begin
      $display("%m: window_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", window_inner_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_edges_columns.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 4 along an axis, 1 apart
module my_edges_columns (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [7:0] x_smooth; [8 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [33:0] y_payload // [8*i +: 8] y_smooth i, i = 0..3; [32 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire y_ready_1;

  // ---- y
  wire [7:0] x_smooth = x_payload[7:0];
  assign x_ready = y_ready_1;

  // ---- columns
  wire x_end_0 = x_payload[8];
  wire x_end_1 = x_payload[9];
  reg window_fresh;
  reg window_there_2;
  wire window_emits = window_fresh & window_there_2;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg window_between;
  reg window_there_0;
  reg window_there_1;
  wire window_flushes = (window_between & (window_there_0 | window_there_1)) & ~x_valid;
  assign y_ready_1 = not_window_emits_or_y_ready & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_end_2;
  reg window_outer_0_0;
  reg window_outer_0_1;
  reg window_outer_0_2;
  reg window_before;
  reg [1:0] window_after; // 0..=2
  wire window_steps = not_window_emits_or_y_ready & (x_valid | window_flushes);
  reg [7:0] window_0_0;
  reg [7:0] window_0_1;
  reg [7:0] window_0_2;
  reg [7:0] window_0_3;
  wire not_window_flushes = ~window_flushes;
  wire [1:0] window_end_0_choice = window_end_0 ? 2'd1 : 2'd2; // 1..=2
  wire [1:0] window_after_next = window_end_1 ? 2'd0 : window_end_0_choice; // 0..=2
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_there_2 <= 1'b0;
      window_end_1 <= 1'b0;
      window_end_2 <= 1'b0;
      window_outer_0_1 <= 1'b0;
      window_outer_0_2 <= 1'b0;
      window_before <= 1'b0;
      window_after <= 2'd0;
    end else if (window_steps) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_there_2 <= window_there_1;
      window_end_1 <= window_end_0;
      window_end_2 <= window_end_1;
      window_outer_0_1 <= window_outer_0_0;
      window_outer_0_2 <= window_outer_0_1;
      window_before <= window_there_2 & ~window_end_2;
      window_after <= window_after_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
    end else if (window_steps) begin
      window_end_0 <= x_end_1 & not_window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_outer_0_0 <= 1'b0;
    end else if (window_steps & not_window_flushes) begin
      window_outer_0_0 <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_1;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_0_0 <= x_smooth;
      window_0_1 <= window_0_0;
      window_0_2 <= window_0_1;
      window_0_3 <= window_0_2;
    end
  end

  // ---- window
  wire [7:0] window_before_is_1_choice = (window_before == 1'b1) ? window_0_3 : window_0_2;
  wire [7:0] window_after_is_0_choice = (window_after == 2'd0) ? window_0_2 : window_0_1;
  wire [7:0] window_after_is_1_choice = (window_after == 2'd1) ? window_0_1 : window_0_0;
  wire [7:0] window_after_is_0_choice_1 = (window_after == 2'd0) ? window_0_2 : window_after_is_1_choice;
  assign y_payload = {window_end_2, window_outer_0_2, window_after_is_0_choice_1, window_after_is_0_choice, window_0_2,
      window_before_is_1_choice};
endmodule

// ---- my_edges_gradient.v
// Design my_edges, text <hash>, written by ternlet <version>
// half of both derivatives
module my_edges_gradient (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [7:0] x_smooth; [8 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [19:0] y_payload // [8:0] y_half_w1, -255..=255; [17:9] y_half_w2, -255..=255; [18 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire [7:0] x_smooth;
  wire signed [8:0] half_w2; // -255..=255
  wire [25:0] rows_y_payload;
  wire [26:0] columns_y_payload;

  // ---- gradient
  wire x_end_0 = x_payload[8];
  wire x_end_1 = x_payload[9];
  wire rows_y_valid;
  wire columns_x_ready;
  wire signed [8:0] y_half_w2 = columns_y_payload[24:16]; // -255..=255
  wire y_end_0 = columns_y_payload[25];
  wire y_end_1 = columns_y_payload[26];
  my_edges_rows_1 rows (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload({x_end_1, x_end_0, x_smooth}), .x_ready(x_ready),
    .y_ready(columns_x_ready), .y_valid(rows_y_valid), .y_payload(rows_y_payload)
  );
  my_edges_columns_1 columns (
    .clk(clk), .rst(rst),
    .x_valid(rows_y_valid), .x_payload({rows_y_payload[25:24], half_w2, rows_y_payload[15:8]}),
    .x_ready(columns_x_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(columns_y_payload)
  );

  // ---- y
  assign x_smooth = x_payload[7:0];
  assign half_w2 = {1'b0, rows_y_payload[23:16]} - {1'b0, rows_y_payload[7:0]};
  wire signed [8:0] half_w1 = {1'b0, columns_y_payload[15:8]} - {1'b0, columns_y_payload[7:0]}; // -255..=255
  assign y_payload = {y_end_1, y_end_0, y_half_w2, half_w1};
endmodule

// ---- my_edges_rows_1.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 3 along an axis, 1 apart
module my_edges_rows_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [7:0] x_smooth; [8 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [25:0] y_payload // [8*i +: 8] y_smooth i, i = 0..2; [24 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire [7:0] x_smooth;

  // ---- rows
  wire x_end_0 = x_payload[8];
  wire x_end_1 = x_payload[9];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg [5:0] window_written;
  reg [5:0] window_inner_0;
  wire inverted = ~(window_fresh & (window_written == window_inner_0));
  reg window_line_start;
  reg window_between;
  reg window_there_0;
  reg window_flushing;
  wire window_flushes = window_line_start ? (window_between & window_there_0) : window_flushing;
  wire window_ready = (not_window_emits_or_y_ready & inverted) & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_before;
  reg [5:0] window_last_address;
  wire window_line_end = window_flushes ? (window_inner_0 == window_last_address) : x_end_1;
  wire window_steps = (not_window_emits_or_y_ready & inverted) & (x_valid | window_flushes);
  reg [7:0] window_0_0;
  reg [15:0] window_lines_word;
  wire window_there_0_enable = window_steps & window_line_start;
  wire [6:0] window_inner_0_plus_1 = {1'b0, window_inner_0} + 7'd1; // 1..=64
  wire [5:0] window_inner_0_next = window_line_end ? 6'd0 : window_inner_0_plus_1[5:0];
  reg window_line_end_q;
  assign x_ready = window_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_there_0_enable) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_before <= window_there_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
      window_line_start <= 1'b1;
      window_inner_0 <= 6'd0;
    end else if (window_steps) begin
      window_end_0 <= x_end_0 & ~window_flushes;
      window_line_start <= window_line_end;
      window_inner_0 <= window_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_flushing <= 1'b0;
    end else if (window_steps & window_line_start) begin
      window_flushing <= window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_last_address <= 6'd0;
    end else if (window_steps & window_line_end) begin
      window_last_address <= window_inner_0;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_written <= window_inner_0;
      window_0_0 <= x_smooth;
      window_line_end_q <= window_line_end;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [15:0] window_lines [0:63];
  always @(posedge clk) begin
    if (window_fresh) begin
      window_lines[window_written] <= {window_lines_word[7:0], window_0_0};
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_lines_word <= window_lines[window_inner_0];
    end
  end

  // ---- y
  assign x_smooth = x_payload[7:0];

  // ---- window
  wire [7:0] window_before_is_1_choice = (window_before == 1'b1) ? window_lines_word[15:8] : window_lines_word[7:0];
  wire [7:0] window_choice = (~window_end_1 == 1'b0) ? window_lines_word[7:0] : window_0_0;
  assign y_payload = {window_line_end_q, window_end_1, window_choice, window_lines_word[7:0], window_before_is_1_choice};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && (window_steps & ~window_line_end)) && (7'd63 < window_inner_0_plus_1)) begin
      $display("%m: window_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", window_inner_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_edges_columns_1.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 2 along an axis, 2 apart
module my_edges_columns_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [18:0] x_payload, // [7:0] x_smooth; [16:8] x_half_w2, -255..=255; [17 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [26:0] y_payload // [8*i +: 8] y_smooth i, i = 0..1; [24:16] y_half_w2, -255..=255; [25 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire signed [8:0] x_half_w2; // -255..=255

  // ---- columns
  wire [7:0] x_smooth = x_payload[7:0];
  wire x_end_0 = x_payload[17];
  wire x_end_1 = x_payload[18];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg window_between;
  reg window_there_0;
  wire window_flushes = (window_between & window_there_0) & ~x_valid;
  wire window_ready = not_window_emits_or_y_ready & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_outer_0_0;
  reg window_outer_0_1;
  reg window_before;
  wire window_steps = not_window_emits_or_y_ready & (x_valid | window_flushes);
  reg [7:0] window_0_0;
  reg [7:0] window_0_1;
  reg [7:0] window_0_2;
  reg signed [8:0] window_1_0; // -255..=255
  reg signed [8:0] window_1_1; // -255..=255
  wire not_window_flushes = ~window_flushes;
  assign x_ready = window_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_outer_0_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_steps) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_outer_0_1 <= window_outer_0_0;
      window_before <= window_there_1 & ~window_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
    end else if (window_steps) begin
      window_end_0 <= x_end_1 & not_window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_outer_0_0 <= 1'b0;
    end else if (window_steps & not_window_flushes) begin
      window_outer_0_0 <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_1;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_0_0 <= x_smooth;
      window_0_1 <= window_0_0;
      window_0_2 <= window_0_1;
      window_1_0 <= x_half_w2;
      window_1_1 <= window_1_0;
    end
  end

  // ---- y
  assign x_half_w2 = x_payload[16:8];

  // ---- window
  wire [7:0] window_before_is_1_choice = (window_before == 1'b1) ? window_0_2 : window_0_1;
  wire [7:0] window_choice = (~window_end_1 == 1'b0) ? window_0_1 : window_0_0;
  assign y_payload = {window_end_1, window_outer_0_1, window_1_1, window_choice, window_before_is_1_choice};
endmodule

// ---- my_edges_modulus.v
// Design my_edges, text <hash>, written by ternlet <version>
// the rank of each gradient and its sector
module my_edges_modulus (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [19:0] x_payload, // [8:0] x_half_w1, -255..=255; [17:9] x_half_w2, -255..=255; [18 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [19:0] y_payload // [15:0] y_rank; [17:16] y_sector; [18 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire x_go;

  // ---- modulus
  wire signed [8:0] x_half_w2 = x_payload[17:9]; // -255..=255
  wire x_end_0 = x_payload[18];
  wire x_end_1 = x_payload[19];
  reg y_end_0;
  reg y_end_1;
  assign x_ready = x_go;
  always @(posedge clk) begin
    if (x_go) begin
      y_end_0 <= x_end_0;
      y_end_1 <= x_end_1;
    end
  end

  // ---- y
  wire signed [8:0] x_half_w1 = x_payload[8:0]; // -255..=255

  // ---- x
  reg x_valid_q1;
  assign x_go = ~x_valid_q1 | y_ready;
  wire signed [8:0] constant_minus_x_half_w1 = 9'd0 - x_half_w1; // -255..=255
  wire signed [8:0] x_half_w1_below_0_choice = (x_half_w1 < 9'sd0) ? constant_minus_x_half_w1 : x_half_w1; // -255..=255
  wire [7:0] size_1 = x_half_w1_below_0_choice[7:0];
  wire signed [8:0] constant_minus_x_half_w2 = 9'd0 - x_half_w2; // -255..=255
  wire signed [8:0] x_half_w2_below_0_choice = (x_half_w2 < 9'sd0) ? constant_minus_x_half_w2 : x_half_w2; // -255..=255
  wire [7:0] size_2 = x_half_w2_below_0_choice[7:0];
  wire [15:0] square_1 = {8'd0, size_1} * {8'd0, size_1}; // 0..=65025
  wire [15:0] square_2 = {8'd0, size_2} * {8'd0, size_2}; // 0..=65025
  reg [15:0] square_1_q; // 0..=65025
  reg [15:0] square_2_q; // 0..=65025
  wire [16:0] square_1_q_plus_square_2_q = {1'b0, square_1_q} + {1'b0, square_2_q}; // 0..=130050
  wire [15:0] rank = square_1_q_plus_square_2_q[15:0];
  wire [10:0] x_sum; // 0..=1275
  my_edges_widening_adder #(.WIDTH(10)) x_sum_adder (.a({2'd0, size_1}), .b({size_1, 2'd0}), .sum(x_sum));
  wire [14:0] x_sum_1; // 0..=17595
  my_edges_widening_adder #(.WIDTH(14)) x_sum_1_adder (.a({3'd0, x_sum}), .b({size_1, 6'd0}), .sum(x_sum_1));
  wire signed [15:0] x_difference = {1'b0, x_sum_1} - {4'd0, size_1, 4'd0}; // -4080..=17595
  reg [14:0] size_2_shifted_q; // 0..=32640
  reg signed [15:0] x_held; // -4080..=17595
  wire along_row = $signed({1'b0, size_2_shifted_q}) < x_held;
  wire [10:0] x_sum_2; // 0..=1275
  my_edges_widening_adder #(.WIDTH(10)) x_sum_2_adder (.a({2'd0, size_2}), .b({size_2, 2'd0}), .sum(x_sum_2));
  wire [14:0] x_sum_3; // 0..=17595
  my_edges_widening_adder #(.WIDTH(14)) x_sum_3_adder (
    .a({3'd0, x_sum_2}), .b({size_2, 6'd0}), .sum(x_sum_3)
  );
  wire signed [15:0] x_difference_1 = {1'b0, x_sum_3} - {4'd0, size_2, 4'd0}; // -4080..=17595
  wire along_column = $signed({1'b0, size_1, 7'd0}) < x_difference_1;
  wire opposite = (x_half_w1 < 9'sd0) != (x_half_w2 < 9'sd0);
  wire [1:0] diagonal = opposite ? 2'd3 : 2'd1; // 1..=3
  wire [1:0] along_column_choice = along_column ? 2'd2 : diagonal; // 1..=3
  reg [1:0] along_column_choice_q; // 1..=3
  wire [1:0] sector = along_row ? 2'd0 : along_column_choice_q;
  assign y_payload = {y_end_1, y_end_0, sector, rank};
  assign y_valid = x_valid_q1;
  always @(posedge clk) begin
    if (rst) begin
      x_valid_q1 <= 1'b0;
    end else if (x_go) begin
      x_valid_q1 <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (x_go) begin
      square_1_q <= square_1;
      square_2_q <= square_2;
      size_2_shifted_q <= {size_2, 7'd0};
      x_held <= x_difference;
      along_column_choice_q <= along_column_choice;
    end
  end
  wire unused_bits = &{1'b0, x_half_w1_below_0_choice[8], x_half_w2_below_0_choice[8], square_1_q_plus_square_2_q[16]};
endmodule

// ---- my_edges_maximum.v
// Design my_edges, text <hash>, written by ternlet <version>
// what leaves where a rank is the greatest along its gradient
module my_edges_maximum (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [19:0] x_payload, // [15:0] x_rank; [17:16] x_sector; [18 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [10:0] y_payload // [8:0] y_modulus; [9 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire y_go;
  wire [15:0] maximum_choice;
  wire [51:0] rows_y_payload;
  wire [147:0] columns_y_payload;

  // ---- x
  wire [15:0] x_rank = x_payload[15:0];
  wire [1:0] x_sector = x_payload[17:16];

  // ---- maximum
  wire x_end_0 = x_payload[18];
  wire x_end_1 = x_payload[19];
  wire rows_y_valid;
  wire columns_x_ready;
  wire columns_y_valid;
  wire [8:0] square_root_root;
  reg window_outer_0_1_q;
  reg window_outer_0_1_q2;
  reg window_outer_0_1_q3;
  reg window_outer_0_1_q4;
  reg y_end_0;
  reg window_end_1_q;
  reg window_end_1_q2;
  reg window_end_1_q3;
  reg window_end_1_q4;
  reg y_end_1;
  assign y_payload = {y_end_1, y_end_0, square_root_root};
  my_edges_rows_2 rows (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload({x_end_1, x_end_0, x_sector, x_rank}), .x_ready(x_ready),
    .y_ready(columns_x_ready), .y_valid(rows_y_valid), .y_payload(rows_y_payload)
  );
  my_edges_columns_2 columns (
    .clk(clk), .rst(rst),
    .x_valid(rows_y_valid), .x_payload(rows_y_payload), .x_ready(columns_x_ready),
    .y_ready(y_go), .y_valid(columns_y_valid), .y_payload(columns_y_payload)
  );
  my_edges_square_root square_root (
    .clk(clk), .rst(rst),
    .x({maximum_choice, 2'd0}), .y_go(y_go), .root(square_root_root)
  );
  always @(posedge clk) begin
    if (y_go) begin
      window_outer_0_1_q <= columns_y_payload[146];
      window_outer_0_1_q2 <= window_outer_0_1_q;
      window_outer_0_1_q3 <= window_outer_0_1_q2;
      window_outer_0_1_q4 <= window_outer_0_1_q3;
      y_end_0 <= window_outer_0_1_q4;
      window_end_1_q <= columns_y_payload[147];
      window_end_1_q2 <= window_end_1_q;
      window_end_1_q3 <= window_end_1_q2;
      window_end_1_q4 <= window_end_1_q3;
      y_end_1 <= window_end_1_q4;
    end
  end

  // ---- y
  reg y_valid_q5;
  assign y_go = ~y_valid_q5 | y_ready;
  wire [15:0] columns_y_payload_144_choice = columns_y_payload[144] ? columns_y_payload[15:0] : columns_y_payload[63:48];
  wire [15:0] columns_y_payload_144_choice_1 = columns_y_payload[144] ? columns_y_payload[47:32] : columns_y_payload[31:16];
  wire [15:0] rank_before = columns_y_payload[145] ? columns_y_payload_144_choice_1 : columns_y_payload_144_choice;
  wire [15:0] columns_y_payload_144_choice_2 = columns_y_payload[144] ? columns_y_payload[143:128] : columns_y_payload[95:80];
  wire [15:0] columns_y_payload_144_choice_3 = columns_y_payload[144] ? columns_y_payload[111:96] : columns_y_payload[127:112];
  wire [15:0] rank_after = columns_y_payload[145] ? columns_y_payload_144_choice_3 : columns_y_payload_144_choice_2;
  wire maximum = ((16'd100 < columns_y_payload[79:64]) & (rank_before <= columns_y_payload[79:64])) & (rank_after < columns_y_payload[79:64]);
  assign maximum_choice = maximum ? columns_y_payload[79:64] : 16'd0;
  reg y_valid_q1;
  reg y_valid_q2;
  reg y_valid_q3;
  reg y_valid_q4;
  assign y_valid = y_valid_q5;
  always @(posedge clk) begin
    if (rst) begin
      y_valid_q1 <= 1'b0;
      y_valid_q2 <= 1'b0;
      y_valid_q3 <= 1'b0;
      y_valid_q4 <= 1'b0;
      y_valid_q5 <= 1'b0;
    end else if (y_go) begin
      y_valid_q1 <= columns_y_valid;
      y_valid_q2 <= y_valid_q1;
      y_valid_q3 <= y_valid_q2;
      y_valid_q4 <= y_valid_q3;
      y_valid_q5 <= y_valid_q4;
    end
  end
endmodule

// ---- my_edges_rows_2.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 3 along an axis, 1 apart
module my_edges_rows_2 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [19:0] x_payload, // [15:0] x_rank; [17:16] x_sector; [18 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [51:0] y_payload // [16*i +: 16] y_rank i, i = 0..2; [49:48] y_sector; [50 + i] y_end i, i = 0..1
);

  // ---- x
  wire [15:0] x_rank = x_payload[15:0];
  wire [1:0] x_sector = x_payload[17:16];

  // ---- rows
  wire x_end_0 = x_payload[18];
  wire x_end_1 = x_payload[19];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg [5:0] window_written;
  reg [5:0] window_inner_0;
  wire inverted = ~(window_fresh & (window_written == window_inner_0));
  reg window_line_start;
  reg window_between;
  reg window_there_0;
  reg window_flushing;
  wire window_flushes = window_line_start ? (window_between & window_there_0) : window_flushing;
  assign x_ready = (not_window_emits_or_y_ready & inverted) & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_before;
  reg [5:0] window_last_address;
  wire window_line_end = window_flushes ? (window_inner_0 == window_last_address) : x_end_1;
  wire window_steps = (not_window_emits_or_y_ready & inverted) & (x_valid | window_flushes);
  reg [15:0] window_0_0;
  reg [1:0] window_1_0;
  reg [33:0] window_lines_word;
  wire window_there_0_enable = window_steps & window_line_start;
  wire [6:0] window_inner_0_plus_1 = {1'b0, window_inner_0} + 7'd1; // 1..=64
  wire [5:0] window_inner_0_next = window_line_end ? 6'd0 : window_inner_0_plus_1[5:0];
  reg window_line_end_q;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_there_0_enable) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_before <= window_there_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
      window_line_start <= 1'b1;
      window_inner_0 <= 6'd0;
    end else if (window_steps) begin
      window_end_0 <= x_end_0 & ~window_flushes;
      window_line_start <= window_line_end;
      window_inner_0 <= window_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_flushing <= 1'b0;
    end else if (window_steps & window_line_start) begin
      window_flushing <= window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_last_address <= 6'd0;
    end else if (window_steps & window_line_end) begin
      window_last_address <= window_inner_0;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_written <= window_inner_0;
      window_0_0 <= x_rank;
      window_1_0 <= x_sector;
      window_line_end_q <= window_line_end;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [33:0] window_lines [0:63];
  always @(posedge clk) begin
    if (window_fresh) begin
      window_lines[window_written] <= {window_1_0, window_lines_word[15:0], window_0_0};
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_lines_word <= window_lines[window_inner_0];
    end
  end

  // ---- window
  wire [15:0] window_before_is_0_choice = (window_before == 1'b0) ? 16'd0 : window_lines_word[31:16];
  wire [15:0] window_choice = (~window_end_1 == 1'b0) ? 16'd0 : window_0_0;
  assign y_payload = {window_line_end_q, window_end_1, window_lines_word[33:32], window_choice, window_lines_word[15:0],
      window_before_is_0_choice};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && (window_steps & ~window_line_end)) && (7'd63 < window_inner_0_plus_1)) begin
      $display("%m: window_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", window_inner_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_edges_columns_2.v
// Design my_edges, text <hash>, written by ternlet <version>
// windows of 3 along an axis, 1 apart
module my_edges_columns_2 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [51:0] x_payload, // [16*i +: 16] x_rank i, i = 0..2; [49:48] x_sector; [50 + i] x_end i, i = 0..1
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [147:0] y_payload // [16*i +: 16] y_rank i, i = 0..8; [145:144] y_sector; [146 + i] y_end i, i = 0..1
);

  // ---- driven further down
  wire [15:0] x_rank_0;
  wire [15:0] x_rank_2;

  // ---- columns
  wire [15:0] x_rank_1 = x_payload[31:16];
  wire [1:0] x_sector = x_payload[49:48];
  wire x_end_0 = x_payload[50];
  wire x_end_1 = x_payload[51];
  reg window_fresh;
  reg window_there_1;
  wire window_emits = window_fresh & window_there_1;
  wire not_window_emits_or_y_ready = ~window_emits | y_ready;
  reg window_between;
  reg window_there_0;
  wire window_flushes = (window_between & window_there_0) & ~x_valid;
  wire window_ready = not_window_emits_or_y_ready & ~window_flushes;
  reg window_end_0;
  reg window_end_1;
  reg window_outer_0_0;
  reg window_outer_0_1;
  reg window_before;
  wire window_steps = not_window_emits_or_y_ready & (x_valid | window_flushes);
  reg [15:0] window_0_0;
  reg [15:0] window_0_1;
  reg [15:0] window_0_2;
  reg [15:0] window_1_0;
  reg [15:0] window_1_1;
  reg [15:0] window_1_2;
  reg [15:0] window_2_0;
  reg [15:0] window_2_1;
  reg [15:0] window_2_2;
  reg [1:0] window_3_0;
  reg [1:0] window_3_1;
  wire not_window_flushes = ~window_flushes;
  assign x_ready = window_ready;
  assign y_valid = window_emits;
  always @(posedge clk) begin
    if (rst) begin
      window_there_0 <= 1'b0;
      window_there_1 <= 1'b0;
      window_end_1 <= 1'b0;
      window_outer_0_1 <= 1'b0;
      window_before <= 1'b0;
    end else if (window_steps) begin
      window_there_0 <= ~window_flushes;
      window_there_1 <= window_there_0;
      window_end_1 <= window_end_0;
      window_outer_0_1 <= window_outer_0_0;
      window_before <= window_there_1 & ~window_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_end_0 <= 1'b0;
    end else if (window_steps) begin
      window_end_0 <= x_end_1 & not_window_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_outer_0_0 <= 1'b0;
    end else if (window_steps & not_window_flushes) begin
      window_outer_0_0 <= x_end_0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_fresh <= 1'b0;
    end else begin
      window_fresh <= window_steps | (window_fresh & ~not_window_emits_or_y_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      window_between <= 1'b0;
    end else if (window_steps & ~window_flushes) begin
      window_between <= x_end_1;
    end
  end
  always @(posedge clk) begin
    if (window_steps) begin
      window_0_0 <= x_rank_0;
      window_0_1 <= window_0_0;
      window_0_2 <= window_0_1;
      window_1_0 <= x_rank_1;
      window_1_1 <= window_1_0;
      window_1_2 <= window_1_1;
      window_2_0 <= x_rank_2;
      window_2_1 <= window_2_0;
      window_2_2 <= window_2_1;
      window_3_0 <= x_sector;
      window_3_1 <= window_3_0;
    end
  end

  // ---- window
  assign x_rank_0 = x_payload[15:0];
  assign x_rank_2 = x_payload[47:32];
  wire window_before_is_0 = window_before == 1'b0;
  wire [15:0] window_before_is_0_choice = window_before_is_0 ? 16'd0 : window_0_2;
  wire [15:0] window_before_is_0_choice_1 = window_before_is_0 ? 16'd0 : window_1_2;
  wire [15:0] window_before_is_0_choice_2 = window_before_is_0 ? 16'd0 : window_2_2;
  wire window_end_1_choice_is_0 = ~window_end_1 == 1'b0;
  wire [15:0] window_choice = window_end_1_choice_is_0 ? 16'd0 : window_0_0;
  wire [15:0] window_choice_1 = window_end_1_choice_is_0 ? 16'd0 : window_1_0;
  wire [15:0] window_choice_2 = window_end_1_choice_is_0 ? 16'd0 : window_2_0;
  assign y_payload = {window_end_1, window_outer_0_1, window_3_1, window_choice_2, window_2_1, window_before_is_0_choice_2,
      window_choice_1, window_1_1, window_before_is_0_choice_1, window_choice, window_0_1, window_before_is_0_choice};
endmodule

// ---- my_edges_square_root.v
// Design my_edges, text <hash>, written by ternlet <version>
// root = floor(sqrt(x)) of an x of at most 169608
module my_edges_square_root (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [17:0] x, // 0..=262140
  input  wire y_go,
  output wire [8:0] root
);
  reg [1:0] next_8_q;
  wire signed [2:0] left_8 = {1'b0, next_8_q} - 3'd1; // -1..=2
  wire fits_8 = 3'sd0 <= left_8;
  wire signed [2:0] chosen_8 = fits_8 ? left_8 : {1'b0, next_8_q}; // -1..=3
  wire rest_8 = chosen_8[0];
  wire root_8 = fits_8;
  reg [1:0] x_15_14_q;
  wire [2:0] next_7 = {rest_8, 2'd0} + {1'b0, x_15_14_q};
  wire [2:0] taken_7 = {root_8, 2'd0} + 3'd1; // 1..=5
  wire signed [3:0] left_7 = {1'b0, next_7} - {1'b0, taken_7}; // -5..=6
  wire fits_7 = 4'sd0 <= left_7;
  wire signed [3:0] chosen_7 = fits_7 ? left_7 : {1'b0, next_7}; // -5..=7
  wire [2:0] rest_7 = chosen_7[2:0];
  wire [1:0] root_7 = {root_8, 1'b0} + {1'b0, fits_7};
  reg [1:0] x_13_12_q;
  wire [4:0] next_6 = {rest_7, 2'd0} + {3'd0, x_13_12_q};
  wire [3:0] taken_6 = {root_7, 2'd0} + 4'd1; // 1..=13
  wire signed [5:0] left_6 = {1'b0, next_6} - {2'd0, taken_6}; // -13..=30
  reg signed [5:0] left_6_q; // -13..=30
  wire fits_6 = 6'sd0 <= left_6_q;
  reg [4:0] next_6_q;
  wire signed [5:0] chosen_6 = fits_6 ? left_6_q : {1'b0, next_6_q}; // -13..=31
  wire [3:0] rest_6 = chosen_6[3:0];
  reg [2:0] root_7_shifted_q; // 0..=6
  wire [2:0] root_6 = root_7_shifted_q + {2'd0, fits_6};
  reg [1:0] x_11_10_q2;
  wire [5:0] next_5 = {rest_6, 2'd0} + {4'd0, x_11_10_q2};
  wire [4:0] taken_5 = {root_6, 2'd0} + 5'd1; // 1..=29
  wire signed [6:0] left_5 = {1'b0, next_5} - {2'd0, taken_5}; // -29..=62
  wire fits_5 = 7'sd0 <= left_5;
  wire signed [6:0] chosen_5 = fits_5 ? left_5 : {1'b0, next_5}; // -29..=63
  wire [4:0] rest_5 = chosen_5[4:0];
  wire [3:0] root_5 = {root_6, 1'b0} + {3'd0, fits_5};
  reg [1:0] x_9_8_q2;
  wire [6:0] next_4 = {rest_5, 2'd0} + {5'd0, x_9_8_q2};
  wire [5:0] taken_4 = {root_5, 2'd0} + 6'd1; // 1..=61
  wire signed [7:0] left_4 = {1'b0, next_4} - {2'd0, taken_4}; // -61..=126
  reg fits_4_q;
  reg signed [7:0] left_4_q; // -61..=126
  reg [6:0] next_4_q;
  wire signed [7:0] chosen_4 = fits_4_q ? left_4_q : {1'b0, next_4_q}; // -61..=127
  wire [5:0] rest_4 = chosen_4[5:0];
  reg [4:0] root_5_shifted_q; // 0..=30
  wire [4:0] root_4 = root_5_shifted_q + {4'd0, fits_4_q};
  reg [1:0] x_7_6_q3;
  wire [7:0] next_3 = {rest_4, 2'd0} + {6'd0, x_7_6_q3};
  wire [6:0] taken_3 = {root_4, 2'd0} + 7'd1; // 1..=125
  wire signed [8:0] left_3 = {1'b0, next_3} - {2'd0, taken_3}; // -125..=254
  wire fits_3 = 9'sd0 <= left_3;
  wire signed [8:0] chosen_3 = fits_3 ? left_3 : {1'b0, next_3}; // -125..=255
  wire [6:0] rest_3 = chosen_3[6:0];
  wire [5:0] root_3 = {root_4, 1'b0} + {5'd0, fits_3};
  reg [1:0] x_5_4_q3;
  wire [8:0] next_2 = {rest_3, 2'd0} + {7'd0, x_5_4_q3};
  wire [7:0] taken_2 = {root_3, 2'd0} + 8'd1; // 1..=253
  wire signed [9:0] left_2 = {1'b0, next_2} - {2'd0, taken_2}; // -253..=510
  wire fits_2 = 10'sd0 <= left_2;
  wire signed [9:0] chosen_2 = fits_2 ? left_2 : {1'b0, next_2}; // -253..=511
  wire [7:0] rest_2 = chosen_2[7:0];
  reg [6:0] root_3_shifted_q; // 0..=126
  reg fits_2_q;
  wire [6:0] root_2 = root_3_shifted_q + {6'd0, fits_2_q};
  reg [9:0] rest_2_shifted_q; // 0..=1020
  reg [1:0] x_3_2_q4;
  wire [9:0] next_1 = rest_2_shifted_q + {8'd0, x_3_2_q4};
  wire [8:0] taken_1 = {root_2, 2'd0} + 9'd1; // 1..=509
  wire signed [10:0] left_1 = {1'b0, next_1} - {2'd0, taken_1}; // -509..=1022
  wire fits_1 = 11'sd0 <= left_1;
  wire signed [10:0] chosen_1 = fits_1 ? left_1 : {1'b0, next_1}; // -509..=1023
  wire [8:0] rest_1 = chosen_1[8:0];
  wire [7:0] root_1 = {root_2, 1'b0} + {7'd0, fits_1};
  reg [1:0] x_1_0_q4;
  wire [10:0] next_0 = {rest_1, 2'd0} + {9'd0, x_1_0_q4};
  wire [9:0] taken_0 = {root_1, 2'd0} + 10'd1; // 1..=1021
  wire signed [11:0] left_0 = {1'b0, next_0} - {2'd0, taken_0}; // -1021..=2046
  reg [8:0] root_1_shifted_q; // 0..=510
  reg fits_0_q;
  wire [8:0] modulus = root_1_shifted_q + {8'd0, fits_0_q};
  reg [1:0] x_11_10_q;
  reg [1:0] x_9_8_q;
  reg [1:0] x_7_6_q;
  reg [1:0] x_7_6_q2;
  reg [1:0] x_5_4_q;
  reg [1:0] x_5_4_q2;
  reg [1:0] x_3_2_q;
  reg [1:0] x_3_2_q2;
  reg [1:0] x_3_2_q3;
  reg [1:0] x_1_0_q;
  reg [1:0] x_1_0_q2;
  reg [1:0] x_1_0_q3;
  assign root = modulus;
  always @(posedge clk) begin
    if (y_go) begin
      next_8_q <= x[17:16];
      x_15_14_q <= x[15:14];
      x_13_12_q <= x[13:12];
      left_6_q <= left_6;
      next_6_q <= next_6;
      root_7_shifted_q <= {root_7, 1'b0};
      x_11_10_q <= x[11:10];
      x_11_10_q2 <= x_11_10_q;
      x_9_8_q <= x[9:8];
      x_9_8_q2 <= x_9_8_q;
      fits_4_q <= 8'sd0 <= left_4;
      left_4_q <= left_4;
      next_4_q <= next_4;
      root_5_shifted_q <= {root_5, 1'b0};
      x_7_6_q <= x[7:6];
      x_7_6_q2 <= x_7_6_q;
      x_7_6_q3 <= x_7_6_q2;
      x_5_4_q <= x[5:4];
      x_5_4_q2 <= x_5_4_q;
      x_5_4_q3 <= x_5_4_q2;
      root_3_shifted_q <= {root_3, 1'b0};
      fits_2_q <= fits_2;
      rest_2_shifted_q <= {rest_2, 2'd0};
      x_3_2_q <= x[3:2];
      x_3_2_q2 <= x_3_2_q;
      x_3_2_q3 <= x_3_2_q2;
      x_3_2_q4 <= x_3_2_q3;
      x_1_0_q <= x[1:0];
      x_1_0_q2 <= x_1_0_q;
      x_1_0_q3 <= x_1_0_q2;
      x_1_0_q4 <= x_1_0_q3;
      root_1_shifted_q <= {root_1, 1'b0};
      fits_0_q <= 12'sd0 <= left_0;
    end
  end
  wire unused_bits = &{1'b0, rst, chosen_8[2:1], chosen_7[3], chosen_6[5:4], chosen_5[6:5], chosen_4[7:6], chosen_3[8:7],
      chosen_2[9:8], chosen_1[10:9]};
endmodule

// ---- my_edges_widening_adder.v
// Design my_edges, text <hash>, written by ternlet <version>
// sum = a + b, of unsigned numbers; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_edges_widening_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH:0] sum
);
  assign sum = {1'b0, a} + {1'b0, b};
endmodule
