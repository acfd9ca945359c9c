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
  reg smooth_1_rows_valid_q1;
  wire smooth_1_rows_go;
  wire [7:0] smooth_1;
  wire [7:0] smooth_1_1;
  wire signed [8:0] half_w2; // -255..=255
  reg gradient_columns_valid_q1;
  wire gradient_columns_go;
  wire [15:0] rank;
  wire [1:0] sector;
  wire [15:0] maxima_columns_0_0_next;
  wire [15:0] maxima_columns_2_0_next;
  wire maxima_columns_go;
  wire edges_stage_go;

  // ---- my_edges
  reg smooth_1_rows_fresh;
  reg smooth_1_rows_there_2;
  wire smooth_1_rows_emits = smooth_1_rows_fresh & smooth_1_rows_there_2;
  reg smooth_1_columns_fresh;
  reg smooth_1_columns_there_2;
  wire smooth_1_columns_emits = smooth_1_columns_fresh & smooth_1_columns_there_2;
  reg gradient_rows_fresh;
  reg gradient_rows_there_1;
  wire gradient_rows_emits = gradient_rows_fresh & gradient_rows_there_1;
  reg gradient_columns_fresh;
  reg gradient_columns_there_1;
  wire gradient_columns_emits = gradient_columns_fresh & gradient_columns_there_1;
  reg maxima_rows_fresh;
  reg maxima_rows_there_1;
  wire maxima_rows_emits = maxima_rows_fresh & maxima_rows_there_1;
  reg maxima_columns_fresh;
  reg maxima_columns_there_1;
  wire maxima_columns_emits = maxima_columns_fresh & maxima_columns_there_1;
  wire either = ~maxima_columns_emits | maxima_columns_go;
  reg maxima_columns_between;
  reg maxima_columns_there_0;
  wire maxima_columns_flushes = (maxima_columns_between & maxima_columns_there_0) & ~maxima_rows_emits;
  wire maxima_rows_ready = either & ~maxima_columns_flushes;
  wire either_1 = ~maxima_rows_emits | maxima_rows_ready;
  reg [5:0] maxima_rows_written;
  reg [5:0] maxima_rows_inner_0;
  wire inverted = ~(maxima_rows_fresh & (maxima_rows_written == maxima_rows_inner_0));
  reg maxima_rows_line_start;
  reg maxima_rows_between;
  reg maxima_rows_there_0;
  reg maxima_rows_flushing;
  wire maxima_rows_flushes = maxima_rows_line_start ? (maxima_rows_between & maxima_rows_there_0) : maxima_rows_flushing;
  wire gradient_columns_ready = (either_1 & inverted) & ~maxima_rows_flushes;
  wire either_2 = ~gradient_columns_emits | gradient_columns_go;
  reg gradient_columns_between;
  reg gradient_columns_there_0;
  wire gradient_columns_flushes = (gradient_columns_between & gradient_columns_there_0) & ~gradient_rows_emits;
  wire gradient_rows_ready = either_2 & ~gradient_columns_flushes;
  wire either_3 = ~gradient_rows_emits | gradient_rows_ready;
  reg [5:0] gradient_rows_written;
  reg [5:0] gradient_rows_inner_0;
  wire inverted_1 = ~(gradient_rows_fresh & (gradient_rows_written == gradient_rows_inner_0));
  reg gradient_rows_line_start;
  reg gradient_rows_between;
  reg gradient_rows_there_0;
  reg gradient_rows_flushing;
  wire gradient_rows_flushes = gradient_rows_line_start ? (gradient_rows_between & gradient_rows_there_0) : gradient_rows_flushing;
  wire smooth_1_columns_ready = (either_3 & inverted_1) & ~gradient_rows_flushes;
  wire either_4 = ~smooth_1_columns_emits | smooth_1_columns_ready;
  reg smooth_1_columns_between;
  reg smooth_1_columns_there_0;
  reg smooth_1_columns_there_1;
  wire smooth_1_columns_flushes = (smooth_1_columns_between & (smooth_1_columns_there_0 | smooth_1_columns_there_1)) & ~smooth_1_rows_valid_q1;
  wire smooth_1_rows_ready = either_4 & ~smooth_1_columns_flushes;
  wire either_5 = ~smooth_1_rows_emits | smooth_1_rows_go;
  reg [5:0] smooth_1_rows_written;
  reg [5:0] smooth_1_rows_inner_0;
  wire inverted_2 = ~(smooth_1_rows_fresh & (smooth_1_rows_written == smooth_1_rows_inner_0));
  reg smooth_1_rows_line_start;
  reg smooth_1_rows_between;
  reg smooth_1_rows_there_0;
  reg smooth_1_rows_there_1;
  reg smooth_1_rows_flushing;
  wire smooth_1_rows_flushes = smooth_1_rows_line_start ? (smooth_1_rows_between & (smooth_1_rows_there_0 | smooth_1_rows_there_1)) : smooth_1_rows_flushing;
  wire raster_ready = (either_5 & inverted_2) & ~smooth_1_rows_flushes;
  assign size_ready = (raster_ready & x_valid) & x_last;
  assign x_ready = raster_ready & size_valid;
  reg [6:0] raster_left_1;
  reg raster_start_1;
  wire [6:0] raster_now_1 = raster_start_1 ? size_payload[12:6] : raster_left_1;
  wire raster_end_1 = raster_now_1 == 7'd1;
  wire raster_valid = x_valid & size_valid;
  wire raster_left_1_enable = x_valid & x_ready;
  wire signed [7:0] raster_now_1_minus_1 = {1'b0, raster_now_1} - 8'd1; // -1..=126
  reg smooth_1_rows_end_0;
  reg smooth_1_rows_end_1;
  reg smooth_1_rows_end_2;
  reg smooth_1_rows_before;
  reg [1:0] smooth_1_rows_after; // 0..=2
  reg [5:0] smooth_1_rows_last_address;
  wire smooth_1_rows_line_end = smooth_1_rows_flushes ? (smooth_1_rows_inner_0 == smooth_1_rows_last_address) : raster_end_1;
  wire smooth_1_rows_steps = (either_5 & inverted_2) & (raster_valid | smooth_1_rows_flushes);
  reg [7:0] smooth_1_rows_0_0;
  reg [23:0] smooth_1_rows_lines_word;
  wire smooth_1_rows_there_0_enable = smooth_1_rows_steps & smooth_1_rows_line_start;
  wire [1:0] choice = smooth_1_rows_end_0 ? 2'd1 : 2'd2; // 1..=2
  wire [1:0] smooth_1_rows_after_next = smooth_1_rows_end_1 ? 2'd0 : choice; // 0..=2
  wire [6:0] smooth_1_rows_inner_0_plus_1 = {1'b0, smooth_1_rows_inner_0} + 7'd1; // 1..=64
  wire [5:0] smooth_1_rows_inner_0_next = smooth_1_rows_line_end ? 6'd0 : smooth_1_rows_inner_0_plus_1[5:0];
  reg smooth_1_rows_line_end_q;
  reg smooth_1_rows_end_2_q;
  reg smooth_1_rows_line_end_q2;
  reg smooth_1_columns_end_0;
  reg smooth_1_columns_end_1;
  reg smooth_1_columns_end_2;
  reg smooth_1_columns_outer_0_0;
  reg smooth_1_columns_outer_0_1;
  reg smooth_1_columns_outer_0_2;
  reg smooth_1_columns_before;
  reg [1:0] smooth_1_columns_after; // 0..=2
  wire smooth_1_columns_steps = either_4 & (smooth_1_rows_valid_q1 | smooth_1_columns_flushes);
  reg [7:0] smooth_1_columns_0_0;
  reg [7:0] smooth_1_columns_0_1;
  reg [7:0] smooth_1_columns_0_2;
  reg [7:0] smooth_1_columns_0_3;
  wire not_smooth_1_columns_flushes = ~smooth_1_columns_flushes;
  wire [1:0] choice_1 = smooth_1_columns_end_0 ? 2'd1 : 2'd2; // 1..=2
  wire [1:0] smooth_1_columns_after_next = smooth_1_columns_end_1 ? 2'd0 : choice_1; // 0..=2
  reg gradient_rows_end_0;
  reg gradient_rows_end_1;
  reg gradient_rows_before;
  reg [5:0] gradient_rows_last_address;
  wire gradient_rows_line_end = gradient_rows_flushes ? (gradient_rows_inner_0 == gradient_rows_last_address) : smooth_1_columns_end_2;
  wire gradient_rows_steps = (either_3 & inverted_1) & (smooth_1_columns_emits | gradient_rows_flushes);
  reg [7:0] gradient_rows_0_0;
  reg [15:0] gradient_rows_lines_word;
  wire gradient_rows_there_0_enable = gradient_rows_steps & gradient_rows_line_start;
  wire [6:0] gradient_rows_inner_0_plus_1 = {1'b0, gradient_rows_inner_0} + 7'd1; // 1..=64
  wire [5:0] gradient_rows_inner_0_next = gradient_rows_line_end ? 6'd0 : gradient_rows_inner_0_plus_1[5:0];
  reg gradient_rows_line_end_q;
  reg gradient_columns_end_0;
  reg gradient_columns_end_1;
  reg gradient_columns_outer_0_0;
  reg gradient_columns_outer_0_1;
  reg gradient_columns_before;
  wire gradient_columns_steps = either_2 & (gradient_rows_emits | gradient_columns_flushes);
  reg [7:0] gradient_columns_0_0;
  reg [7:0] gradient_columns_0_1;
  reg [7:0] gradient_columns_0_2;
  reg signed [8:0] gradient_columns_1_0; // -255..=255
  reg signed [8:0] gradient_columns_1_1; // -255..=255
  wire not_gradient_columns_flushes = ~gradient_columns_flushes;
  reg gradient_columns_outer_0_1_q;
  reg gradient_columns_end_1_q;
  reg maxima_rows_end_0;
  reg maxima_rows_end_1;
  reg maxima_rows_before;
  reg [5:0] maxima_rows_last_address;
  wire maxima_rows_line_end = maxima_rows_flushes ? (maxima_rows_inner_0 == maxima_rows_last_address) : gradient_columns_end_1_q;
  wire maxima_rows_steps = (either_1 & inverted) & (gradient_columns_valid_q1 | maxima_rows_flushes);
  reg [15:0] maxima_rows_0_0;
  reg [1:0] maxima_rows_1_0;
  reg [33:0] maxima_rows_lines_word;
  wire maxima_rows_there_0_enable = maxima_rows_steps & maxima_rows_line_start;
  wire [6:0] maxima_rows_inner_0_plus_1 = {1'b0, maxima_rows_inner_0} + 7'd1; // 1..=64
  wire [5:0] maxima_rows_inner_0_next = maxima_rows_line_end ? 6'd0 : maxima_rows_inner_0_plus_1[5:0];
  reg maxima_rows_line_end_q;
  reg maxima_columns_end_0;
  reg maxima_columns_end_1;
  reg maxima_columns_outer_0_0;
  reg maxima_columns_outer_0_1;
  reg maxima_columns_before;
  wire maxima_columns_steps = either & (maxima_rows_emits | maxima_columns_flushes);
  reg [15:0] maxima_columns_0_0;
  reg [15:0] maxima_columns_0_1;
  reg [15:0] maxima_columns_0_2;
  reg [15:0] maxima_columns_1_0;
  reg [15:0] maxima_columns_1_1;
  reg [15:0] maxima_columns_1_2;
  reg [15:0] maxima_columns_2_0;
  reg [15:0] maxima_columns_2_1;
  reg [15:0] maxima_columns_2_2;
  reg [1:0] maxima_columns_3_0;
  reg [1:0] maxima_columns_3_1;
  wire not_maxima_columns_flushes = ~maxima_columns_flushes;
  reg maxima_columns_outer_0_1_q;
  reg maxima_columns_outer_0_1_q2;
  reg maxima_columns_outer_0_1_q3;
  reg maxima_columns_outer_0_1_q4;
  reg maxima_columns_outer_0_1_q5;
  reg maxima_columns_end_1_q;
  reg maxima_columns_end_1_q2;
  reg maxima_columns_end_1_q3;
  reg maxima_columns_end_1_q4;
  reg maxima_columns_end_1_q5;
  always @(posedge clk) begin
    if (rst) begin
      raster_left_1 <= 7'd0;
      raster_start_1 <= 1'b1;
    end else if (raster_left_1_enable) begin
      raster_left_1 <= raster_now_1_minus_1[6:0];
      raster_start_1 <= raster_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_there_0 <= 1'b0;
      smooth_1_rows_there_1 <= 1'b0;
      smooth_1_rows_there_2 <= 1'b0;
      smooth_1_rows_end_1 <= 1'b0;
      smooth_1_rows_end_2 <= 1'b0;
      smooth_1_rows_before <= 1'b0;
      smooth_1_rows_after <= 2'd0;
    end else if (smooth_1_rows_there_0_enable) begin
      smooth_1_rows_there_0 <= ~smooth_1_rows_flushes;
      smooth_1_rows_there_1 <= smooth_1_rows_there_0;
      smooth_1_rows_there_2 <= smooth_1_rows_there_1;
      smooth_1_rows_end_1 <= smooth_1_rows_end_0;
      smooth_1_rows_end_2 <= smooth_1_rows_end_1;
      smooth_1_rows_before <= smooth_1_rows_there_2 & ~smooth_1_rows_end_2;
      smooth_1_rows_after <= smooth_1_rows_after_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_end_0 <= 1'b0;
      smooth_1_rows_line_start <= 1'b1;
      smooth_1_rows_inner_0 <= 6'd0;
    end else if (smooth_1_rows_steps) begin
      smooth_1_rows_end_0 <= x_last & ~smooth_1_rows_flushes;
      smooth_1_rows_line_start <= smooth_1_rows_line_end;
      smooth_1_rows_inner_0 <= smooth_1_rows_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_fresh <= 1'b0;
      smooth_1_columns_fresh <= 1'b0;
      gradient_rows_fresh <= 1'b0;
      gradient_columns_fresh <= 1'b0;
      maxima_rows_fresh <= 1'b0;
      maxima_columns_fresh <= 1'b0;
    end else begin
      smooth_1_rows_fresh <= smooth_1_rows_steps | (smooth_1_rows_fresh & ~either_5);
      smooth_1_columns_fresh <= smooth_1_columns_steps | (smooth_1_columns_fresh & ~either_4);
      gradient_rows_fresh <= gradient_rows_steps | (gradient_rows_fresh & ~either_3);
      gradient_columns_fresh <= gradient_columns_steps | (gradient_columns_fresh & ~either_2);
      maxima_rows_fresh <= maxima_rows_steps | (maxima_rows_fresh & ~either_1);
      maxima_columns_fresh <= maxima_columns_steps | (maxima_columns_fresh & ~either);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_flushing <= 1'b0;
    end else if (smooth_1_rows_steps & smooth_1_rows_line_start) begin
      smooth_1_rows_flushing <= smooth_1_rows_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_between <= 1'b0;
    end else if (smooth_1_rows_steps & ~smooth_1_rows_flushes) begin
      smooth_1_rows_between <= x_last;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_last_address <= 6'd0;
    end else if (smooth_1_rows_steps & smooth_1_rows_line_end) begin
      smooth_1_rows_last_address <= smooth_1_rows_inner_0;
    end
  end
  always @(posedge clk) begin
    if (smooth_1_rows_steps) begin
      smooth_1_rows_written <= smooth_1_rows_inner_0;
      smooth_1_rows_0_0 <= x_payload;
      smooth_1_rows_line_end_q <= smooth_1_rows_line_end;
    end
  end
  always @(posedge clk) begin
    if (smooth_1_rows_go) begin
      smooth_1_rows_end_2_q <= smooth_1_rows_end_2;
      smooth_1_rows_line_end_q2 <= smooth_1_rows_line_end_q;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_columns_there_0 <= 1'b0;
      smooth_1_columns_there_1 <= 1'b0;
      smooth_1_columns_there_2 <= 1'b0;
      smooth_1_columns_end_1 <= 1'b0;
      smooth_1_columns_end_2 <= 1'b0;
      smooth_1_columns_outer_0_1 <= 1'b0;
      smooth_1_columns_outer_0_2 <= 1'b0;
      smooth_1_columns_before <= 1'b0;
      smooth_1_columns_after <= 2'd0;
    end else if (smooth_1_columns_steps) begin
      smooth_1_columns_there_0 <= ~smooth_1_columns_flushes;
      smooth_1_columns_there_1 <= smooth_1_columns_there_0;
      smooth_1_columns_there_2 <= smooth_1_columns_there_1;
      smooth_1_columns_end_1 <= smooth_1_columns_end_0;
      smooth_1_columns_end_2 <= smooth_1_columns_end_1;
      smooth_1_columns_outer_0_1 <= smooth_1_columns_outer_0_0;
      smooth_1_columns_outer_0_2 <= smooth_1_columns_outer_0_1;
      smooth_1_columns_before <= smooth_1_columns_there_2 & ~smooth_1_columns_end_2;
      smooth_1_columns_after <= smooth_1_columns_after_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_columns_end_0 <= 1'b0;
    end else if (smooth_1_columns_steps) begin
      smooth_1_columns_end_0 <= smooth_1_rows_line_end_q2 & not_smooth_1_columns_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_columns_outer_0_0 <= 1'b0;
    end else if (smooth_1_columns_steps & not_smooth_1_columns_flushes) begin
      smooth_1_columns_outer_0_0 <= smooth_1_rows_end_2_q;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_columns_between <= 1'b0;
    end else if (smooth_1_columns_steps & ~smooth_1_columns_flushes) begin
      smooth_1_columns_between <= smooth_1_rows_line_end_q2;
    end
  end
  always @(posedge clk) begin
    if (smooth_1_columns_steps) begin
      smooth_1_columns_0_0 <= smooth_1;
      smooth_1_columns_0_1 <= smooth_1_columns_0_0;
      smooth_1_columns_0_2 <= smooth_1_columns_0_1;
      smooth_1_columns_0_3 <= smooth_1_columns_0_2;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_rows_there_0 <= 1'b0;
      gradient_rows_there_1 <= 1'b0;
      gradient_rows_end_1 <= 1'b0;
      gradient_rows_before <= 1'b0;
    end else if (gradient_rows_there_0_enable) begin
      gradient_rows_there_0 <= ~gradient_rows_flushes;
      gradient_rows_there_1 <= gradient_rows_there_0;
      gradient_rows_end_1 <= gradient_rows_end_0;
      gradient_rows_before <= gradient_rows_there_1 & ~gradient_rows_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_rows_end_0 <= 1'b0;
      gradient_rows_line_start <= 1'b1;
      gradient_rows_inner_0 <= 6'd0;
    end else if (gradient_rows_steps) begin
      gradient_rows_end_0 <= smooth_1_columns_outer_0_2 & ~gradient_rows_flushes;
      gradient_rows_line_start <= gradient_rows_line_end;
      gradient_rows_inner_0 <= gradient_rows_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_rows_flushing <= 1'b0;
    end else if (gradient_rows_steps & gradient_rows_line_start) begin
      gradient_rows_flushing <= gradient_rows_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_rows_between <= 1'b0;
    end else if (gradient_rows_steps & ~gradient_rows_flushes) begin
      gradient_rows_between <= smooth_1_columns_outer_0_2;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_rows_last_address <= 6'd0;
    end else if (gradient_rows_steps & gradient_rows_line_end) begin
      gradient_rows_last_address <= gradient_rows_inner_0;
    end
  end
  always @(posedge clk) begin
    if (gradient_rows_steps) begin
      gradient_rows_written <= gradient_rows_inner_0;
      gradient_rows_0_0 <= smooth_1_1;
      gradient_rows_line_end_q <= gradient_rows_line_end;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_columns_there_0 <= 1'b0;
      gradient_columns_there_1 <= 1'b0;
      gradient_columns_end_1 <= 1'b0;
      gradient_columns_outer_0_1 <= 1'b0;
      gradient_columns_before <= 1'b0;
    end else if (gradient_columns_steps) begin
      gradient_columns_there_0 <= ~gradient_columns_flushes;
      gradient_columns_there_1 <= gradient_columns_there_0;
      gradient_columns_end_1 <= gradient_columns_end_0;
      gradient_columns_outer_0_1 <= gradient_columns_outer_0_0;
      gradient_columns_before <= gradient_columns_there_1 & ~gradient_columns_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_columns_end_0 <= 1'b0;
    end else if (gradient_columns_steps) begin
      gradient_columns_end_0 <= gradient_rows_line_end_q & not_gradient_columns_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_columns_outer_0_0 <= 1'b0;
    end else if (gradient_columns_steps & not_gradient_columns_flushes) begin
      gradient_columns_outer_0_0 <= gradient_rows_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      gradient_columns_between <= 1'b0;
    end else if (gradient_columns_steps & ~gradient_columns_flushes) begin
      gradient_columns_between <= gradient_rows_line_end_q;
    end
  end
  always @(posedge clk) begin
    if (gradient_columns_steps) begin
      gradient_columns_0_0 <= gradient_rows_lines_word[7:0];
      gradient_columns_0_1 <= gradient_columns_0_0;
      gradient_columns_0_2 <= gradient_columns_0_1;
      gradient_columns_1_0 <= half_w2;
      gradient_columns_1_1 <= gradient_columns_1_0;
    end
  end
  always @(posedge clk) begin
    if (gradient_columns_go) begin
      gradient_columns_outer_0_1_q <= gradient_columns_outer_0_1;
      gradient_columns_end_1_q <= gradient_columns_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_rows_there_0 <= 1'b0;
      maxima_rows_there_1 <= 1'b0;
      maxima_rows_end_1 <= 1'b0;
      maxima_rows_before <= 1'b0;
    end else if (maxima_rows_there_0_enable) begin
      maxima_rows_there_0 <= ~maxima_rows_flushes;
      maxima_rows_there_1 <= maxima_rows_there_0;
      maxima_rows_end_1 <= maxima_rows_end_0;
      maxima_rows_before <= maxima_rows_there_1 & ~maxima_rows_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_rows_end_0 <= 1'b0;
      maxima_rows_line_start <= 1'b1;
      maxima_rows_inner_0 <= 6'd0;
    end else if (maxima_rows_steps) begin
      maxima_rows_end_0 <= gradient_columns_outer_0_1_q & ~maxima_rows_flushes;
      maxima_rows_line_start <= maxima_rows_line_end;
      maxima_rows_inner_0 <= maxima_rows_inner_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_rows_flushing <= 1'b0;
    end else if (maxima_rows_steps & maxima_rows_line_start) begin
      maxima_rows_flushing <= maxima_rows_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_rows_between <= 1'b0;
    end else if (maxima_rows_steps & ~maxima_rows_flushes) begin
      maxima_rows_between <= gradient_columns_outer_0_1_q;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_rows_last_address <= 6'd0;
    end else if (maxima_rows_steps & maxima_rows_line_end) begin
      maxima_rows_last_address <= maxima_rows_inner_0;
    end
  end
  always @(posedge clk) begin
    if (maxima_rows_steps) begin
      maxima_rows_written <= maxima_rows_inner_0;
      maxima_rows_0_0 <= rank;
      maxima_rows_1_0 <= sector;
      maxima_rows_line_end_q <= maxima_rows_line_end;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_columns_there_0 <= 1'b0;
      maxima_columns_there_1 <= 1'b0;
      maxima_columns_end_1 <= 1'b0;
      maxima_columns_outer_0_1 <= 1'b0;
      maxima_columns_before <= 1'b0;
    end else if (maxima_columns_steps) begin
      maxima_columns_there_0 <= ~maxima_columns_flushes;
      maxima_columns_there_1 <= maxima_columns_there_0;
      maxima_columns_end_1 <= maxima_columns_end_0;
      maxima_columns_outer_0_1 <= maxima_columns_outer_0_0;
      maxima_columns_before <= maxima_columns_there_1 & ~maxima_columns_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_columns_end_0 <= 1'b0;
    end else if (maxima_columns_steps) begin
      maxima_columns_end_0 <= maxima_rows_line_end_q & not_maxima_columns_flushes;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_columns_outer_0_0 <= 1'b0;
    end else if (maxima_columns_steps & not_maxima_columns_flushes) begin
      maxima_columns_outer_0_0 <= maxima_rows_end_1;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      maxima_columns_between <= 1'b0;
    end else if (maxima_columns_steps & ~maxima_columns_flushes) begin
      maxima_columns_between <= maxima_rows_line_end_q;
    end
  end
  always @(posedge clk) begin
    if (maxima_columns_steps) begin
      maxima_columns_0_0 <= maxima_columns_0_0_next;
      maxima_columns_0_1 <= maxima_columns_0_0;
      maxima_columns_0_2 <= maxima_columns_0_1;
      maxima_columns_1_0 <= maxima_rows_lines_word[15:0];
      maxima_columns_1_1 <= maxima_columns_1_0;
      maxima_columns_1_2 <= maxima_columns_1_1;
      maxima_columns_2_0 <= maxima_columns_2_0_next;
      maxima_columns_2_1 <= maxima_columns_2_0;
      maxima_columns_2_2 <= maxima_columns_2_1;
      maxima_columns_3_0 <= maxima_rows_lines_word[33:32];
      maxima_columns_3_1 <= maxima_columns_3_0;
    end
  end
  always @(posedge clk) begin
    if (maxima_columns_go) begin
      maxima_columns_outer_0_1_q <= maxima_columns_outer_0_1;
      maxima_columns_outer_0_1_q2 <= maxima_columns_outer_0_1_q;
      maxima_columns_outer_0_1_q3 <= maxima_columns_outer_0_1_q2;
      maxima_columns_outer_0_1_q4 <= maxima_columns_outer_0_1_q3;
      maxima_columns_outer_0_1_q5 <= maxima_columns_outer_0_1_q4;
      maxima_columns_end_1_q <= maxima_columns_end_1;
      maxima_columns_end_1_q2 <= maxima_columns_end_1_q;
      maxima_columns_end_1_q3 <= maxima_columns_end_1_q2;
      maxima_columns_end_1_q4 <= maxima_columns_end_1_q3;
      maxima_columns_end_1_q5 <= maxima_columns_end_1_q4;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [23:0] smooth_1_rows_lines [0:63];
  always @(posedge clk) begin
    if (smooth_1_rows_fresh) begin
      smooth_1_rows_lines[smooth_1_rows_written] <= {smooth_1_rows_lines_word[15:0], smooth_1_rows_0_0};
    end
  end
  always @(posedge clk) begin
    if (smooth_1_rows_steps) begin
      smooth_1_rows_lines_word <= smooth_1_rows_lines[smooth_1_rows_inner_0];
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [15:0] gradient_rows_lines [0:63];
  always @(posedge clk) begin
    if (gradient_rows_fresh) begin
      gradient_rows_lines[gradient_rows_written] <= {gradient_rows_lines_word[7:0], gradient_rows_0_0};
    end
  end
  always @(posedge clk) begin
    if (gradient_rows_steps) begin
      gradient_rows_lines_word <= gradient_rows_lines[gradient_rows_inner_0];
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [33:0] maxima_rows_lines [0:63];
  always @(posedge clk) begin
    if (maxima_rows_fresh) begin
      maxima_rows_lines[maxima_rows_written] <= {maxima_rows_1_0, maxima_rows_lines_word[15:0], maxima_rows_0_0};
    end
  end
  always @(posedge clk) begin
    if (maxima_rows_steps) begin
      maxima_rows_lines_word <= maxima_rows_lines[maxima_rows_inner_0];
    end
  end

  // ---- smooth_1_rows
  assign smooth_1_rows_go = ~smooth_1_rows_valid_q1 | smooth_1_rows_ready;
  wire [7:0] smooth_1_rows_choice = (smooth_1_rows_before == 1'b1) ? smooth_1_rows_lines_word[23:16] : smooth_1_rows_lines_word[15:8];
  wire [7:0] smooth_1_rows_choice_1 = (smooth_1_rows_after == 2'd0) ? smooth_1_rows_lines_word[15:8] : smooth_1_rows_lines_word[7:0];
  wire [7:0] smooth_1_rows_choice_2 = (smooth_1_rows_after == 2'd0) ? smooth_1_rows_lines_word[15:8] : smooth_1_rows_0_0;
  wire [7:0] smooth_1_rows_choice_3 = (smooth_1_rows_after == 2'd1) ? smooth_1_rows_lines_word[7:0] : smooth_1_rows_choice_2;
  wire [8:0] smooth_1_rows_sum; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) smooth_1_rows_sum_adder (
    .a(smooth_1_rows_choice),
    .b(smooth_1_rows_choice_3),
    .sum(smooth_1_rows_sum)
  );
  wire [8:0] smooth_1_rows_sum_1; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) smooth_1_rows_sum_1_adder (
    .a(smooth_1_rows_lines_word[15:8]),
    .b(smooth_1_rows_choice_1),
    .sum(smooth_1_rows_sum_1)
  );
  wire [9:0] smooth_1_rows_sum_2; // 0..=1020
  my_edges_widening_adder #(.WIDTH(9)) smooth_1_rows_sum_2_adder (
    .a(smooth_1_rows_sum),
    .b(smooth_1_rows_sum_1),
    .sum(smooth_1_rows_sum_2)
  );
  wire [10:0] smooth_1_rows_sum_3; // 0..=2040
  my_edges_widening_adder #(.WIDTH(10)) smooth_1_rows_sum_3_adder (
    .a(smooth_1_rows_sum_2),
    .b({smooth_1_rows_sum_1, 1'b0}),
    .sum(smooth_1_rows_sum_3)
  );
  reg [10:0] smooth_1_rows_held; // 0..=2040
  wire [10:0] smooth_1_rows_sum_4 = smooth_1_rows_held + 11'd4; // 4..=2044
  assign smooth_1 = smooth_1_rows_sum_4[10:3];
  always @(posedge clk) begin
    if (rst) begin
      smooth_1_rows_valid_q1 <= 1'b0;
    end else if (smooth_1_rows_go) begin
      smooth_1_rows_valid_q1 <= smooth_1_rows_emits;
    end
  end
  always @(posedge clk) begin
    if (smooth_1_rows_go) begin
      smooth_1_rows_held <= smooth_1_rows_sum_3;
    end
  end

  // ---- smooth_1_columns
  wire [7:0] smooth_1_columns_choice = (smooth_1_columns_before == 1'b1) ? smooth_1_columns_0_3 : smooth_1_columns_0_2;
  wire [7:0] smooth_1_columns_choice_1 = (smooth_1_columns_after == 2'd0) ? smooth_1_columns_0_2 : smooth_1_columns_0_1;
  wire [7:0] smooth_1_columns_choice_2 = (smooth_1_columns_after == 2'd0) ? smooth_1_columns_0_2 : smooth_1_columns_0_0;
  wire [7:0] smooth_1_columns_choice_3 = (smooth_1_columns_after == 2'd1) ? smooth_1_columns_0_1 : smooth_1_columns_choice_2;
  wire [8:0] smooth_1_columns_sum; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) smooth_1_columns_sum_adder (
    .a(smooth_1_columns_choice),
    .b(smooth_1_columns_choice_3),
    .sum(smooth_1_columns_sum)
  );
  wire [8:0] smooth_1_columns_sum_1; // 0..=510
  my_edges_widening_adder #(.WIDTH(8)) smooth_1_columns_sum_1_adder (
    .a(smooth_1_columns_0_2),
    .b(smooth_1_columns_choice_1),
    .sum(smooth_1_columns_sum_1)
  );
  wire [9:0] smooth_1_columns_sum_2; // 0..=1020
  my_edges_widening_adder #(.WIDTH(9)) smooth_1_columns_sum_2_adder (
    .a(smooth_1_columns_sum),
    .b(smooth_1_columns_sum_1),
    .sum(smooth_1_columns_sum_2)
  );
  wire [10:0] smooth_1_columns_sum_3; // 0..=2040
  my_edges_widening_adder #(.WIDTH(10)) smooth_1_columns_sum_3_adder (
    .a(smooth_1_columns_sum_2),
    .b({smooth_1_columns_sum_1, 1'b0}),
    .sum(smooth_1_columns_sum_3)
  );
  wire [10:0] smooth_1_columns_sum_4 = smooth_1_columns_sum_3 + 11'd4; // 4..=2044
  assign smooth_1_1 = smooth_1_columns_sum_4[10:3];

  // ---- gradient_rows
  wire [7:0] gradient_rows_choice = (gradient_rows_before == 1'b1) ? gradient_rows_lines_word[15:8] : gradient_rows_lines_word[7:0];
  wire [7:0] gradient_rows_choice_1 = (~gradient_rows_end_1 == 1'b0) ? gradient_rows_lines_word[7:0] : gradient_rows_0_0;
  assign half_w2 = {1'b0, gradient_rows_choice_1} - {1'b0, gradient_rows_choice};

  // ---- gradient_columns
  assign gradient_columns_go = ~gradient_columns_valid_q1 | gradient_columns_ready;
  wire [7:0] gradient_columns_choice = (gradient_columns_before == 1'b1) ? gradient_columns_0_2 : gradient_columns_0_1;
  wire [7:0] gradient_columns_choice_1 = (~gradient_columns_end_1 == 1'b0) ? gradient_columns_0_1 : gradient_columns_0_0;
  wire signed [8:0] half_w1 = {1'b0, gradient_columns_choice_1} - {1'b0, gradient_columns_choice}; // -255..=255
  wire signed [8:0] gradient_columns_difference = 9'd0 - half_w1; // -255..=255
  wire signed [8:0] gradient_columns_choice_2 = (half_w1 < 9'sd0) ? gradient_columns_difference : half_w1; // -255..=255
  wire signed [8:0] gradient_columns_difference_1 = 9'd0 - gradient_columns_1_1; // -255..=255
  wire signed [8:0] gradient_columns_choice_3 = (gradient_columns_1_1 < 9'sd0) ? gradient_columns_difference_1 : gradient_columns_1_1; // -255..=255
  wire [15:0] square_1 = {8'd0, gradient_columns_choice_2[7:0]} * {8'd0, gradient_columns_choice_2[7:0]}; // 0..=65025
  wire [15:0] square_2 = {8'd0, gradient_columns_choice_3[7:0]} * {8'd0, gradient_columns_choice_3[7:0]}; // 0..=65025
  reg [15:0] square_1_q; // 0..=65025
  reg [15:0] square_2_q; // 0..=65025
  wire [16:0] square_1_q_plus_square_2_q = {1'b0, square_1_q} + {1'b0, square_2_q}; // 0..=130050
  assign rank = square_1_q_plus_square_2_q[15:0];
  wire [10:0] gradient_columns_sum; // 0..=1275
  my_edges_widening_adder #(.WIDTH(10)) gradient_columns_sum_adder (
    .a({2'd0, gradient_columns_choice_2[7:0]}),
    .b({gradient_columns_choice_2[7:0], 2'd0}),
    .sum(gradient_columns_sum)
  );
  wire [14:0] gradient_columns_sum_1; // 0..=17595
  my_edges_widening_adder #(.WIDTH(14)) gradient_columns_sum_1_adder (
    .a({3'd0, gradient_columns_sum}),
    .b({gradient_columns_choice_2[7:0], 6'd0}),
    .sum(gradient_columns_sum_1)
  );
  wire signed [15:0] gradient_columns_difference_2 = {1'b0, gradient_columns_sum_1} - {4'd0, gradient_columns_choice_2[7:0],
      4'd0}; // -4080..=17595
  reg [14:0] gradient_columns_held; // 0..=32640
  reg signed [15:0] gradient_columns_held_1; // -4080..=17595
  wire along_row = $signed({1'b0, gradient_columns_held}) < gradient_columns_held_1;
  wire [10:0] gradient_columns_sum_2; // 0..=1275
  my_edges_widening_adder #(.WIDTH(10)) gradient_columns_sum_2_adder (
    .a({2'd0, gradient_columns_choice_3[7:0]}),
    .b({gradient_columns_choice_3[7:0], 2'd0}),
    .sum(gradient_columns_sum_2)
  );
  wire [14:0] gradient_columns_sum_3; // 0..=17595
  my_edges_widening_adder #(.WIDTH(14)) gradient_columns_sum_3_adder (
    .a({3'd0, gradient_columns_sum_2}),
    .b({gradient_columns_choice_3[7:0], 6'd0}),
    .sum(gradient_columns_sum_3)
  );
  wire signed [15:0] gradient_columns_difference_3 = {1'b0, gradient_columns_sum_3} - {4'd0, gradient_columns_choice_3[7:0],
      4'd0}; // -4080..=17595
  wire along_column = $signed({1'b0, gradient_columns_choice_2[7:0], 7'd0}) < gradient_columns_difference_3;
  wire [1:0] gradient_columns_choice_4 = ((half_w1 < 9'sd0) != (gradient_columns_1_1 < 9'sd0)) ? 2'd3 : 2'd1; // 1..=3
  wire [1:0] gradient_columns_choice_5 = along_column ? 2'd2 : gradient_columns_choice_4; // 1..=3
  reg [1:0] gradient_columns_held_2; // 1..=3
  assign sector = along_row ? 2'd0 : gradient_columns_held_2;
  always @(posedge clk) begin
    if (rst) begin
      gradient_columns_valid_q1 <= 1'b0;
    end else if (gradient_columns_go) begin
      gradient_columns_valid_q1 <= gradient_columns_emits;
    end
  end
  always @(posedge clk) begin
    if (gradient_columns_go) begin
      square_1_q <= square_1;
      square_2_q <= square_2;
      gradient_columns_held <= {gradient_columns_choice_3[7:0], 7'd0};
      gradient_columns_held_1 <= gradient_columns_difference_2;
      gradient_columns_held_2 <= gradient_columns_choice_5;
    end
  end

  // ---- maxima_rows
  assign maxima_columns_0_0_next = (maxima_rows_before == 1'b0) ? 16'd0 : maxima_rows_lines_word[31:16];
  assign maxima_columns_2_0_next = (~maxima_rows_end_1 == 1'b0) ? 16'd0 : maxima_rows_0_0;

  // ---- maxima_columns
  reg maxima_columns_valid_q5;
  assign maxima_columns_go = ~maxima_columns_valid_q5 | edges_stage_go;
  wire maxima_columns_before_is_0 = maxima_columns_before == 1'b0;
  wire [15:0] maxima_columns_choice = maxima_columns_before_is_0 ? 16'd0 : maxima_columns_0_2;
  wire [15:0] maxima_columns_choice_1 = maxima_columns_before_is_0 ? 16'd0 : maxima_columns_1_2;
  wire [15:0] maxima_columns_choice_2 = maxima_columns_before_is_0 ? 16'd0 : maxima_columns_2_2;
  wire maxima_columns_equal = ~maxima_columns_end_1 == 1'b0;
  wire [15:0] maxima_columns_choice_3 = maxima_columns_equal ? 16'd0 : maxima_columns_0_0;
  wire [15:0] maxima_columns_choice_4 = maxima_columns_equal ? 16'd0 : maxima_columns_1_0;
  wire [15:0] maxima_columns_choice_5 = maxima_columns_equal ? 16'd0 : maxima_columns_2_0;
  wire [15:0] maxima_columns_choice_6 = maxima_columns_3_1[0] ? maxima_columns_choice : maxima_columns_choice_1;
  wire [15:0] maxima_columns_choice_7 = maxima_columns_3_1[0] ? maxima_columns_choice_3 : maxima_columns_0_1;
  wire [15:0] maxima_columns_choice_8 = maxima_columns_3_1[1] ? maxima_columns_choice_7 : maxima_columns_choice_6;
  wire [15:0] maxima_columns_choice_9 = maxima_columns_3_1[0] ? maxima_columns_choice_5 : maxima_columns_choice_4;
  wire [15:0] maxima_columns_choice_10 = maxima_columns_3_1[0] ? maxima_columns_choice_2 : maxima_columns_2_1;
  wire [15:0] maxima_columns_choice_11 = maxima_columns_3_1[1] ? maxima_columns_choice_10 : maxima_columns_choice_9;
  wire maximum = ((16'd100 < maxima_columns_1_1) & (maxima_columns_choice_8 <= maxima_columns_1_1)) & (maxima_columns_choice_11 < maxima_columns_1_1);
  wire [15:0] maxima_columns_choice_12 = maximum ? maxima_columns_1_1 : 16'd0;
  wire [17:0] maxima_columns_shifted = {maxima_columns_choice_12, 2'd0}; // 0..=262140
  reg [1:0] maxima_columns_held;
  wire signed [2:0] maxima_columns_difference = {1'b0, maxima_columns_held} - 3'd1; // -1..=2
  wire maxima_columns_at_most = 3'sd0 <= maxima_columns_difference;
  wire signed [2:0] maxima_columns_choice_13 = maxima_columns_at_most ? maxima_columns_difference : {1'b0, maxima_columns_held}; // -1..=3
  wire rest_8 = maxima_columns_choice_13[0];
  wire root_8 = maxima_columns_at_most;
  reg [1:0] maxima_columns_held_1;
  wire [2:0] maxima_columns_sum = {rest_8, 2'd0} + {1'b0, maxima_columns_held_1};
  wire [2:0] root_8_shifted_plus_1 = {root_8, 2'd0} + 3'd1; // 1..=5
  wire signed [3:0] maxima_columns_difference_1 = {1'b0, maxima_columns_sum} - {1'b0, root_8_shifted_plus_1}; // -5..=6
  wire maxima_columns_at_most_1 = 4'sd0 <= maxima_columns_difference_1;
  wire signed [3:0] maxima_columns_choice_14 = maxima_columns_at_most_1 ? maxima_columns_difference_1 : {1'b0, maxima_columns_sum}; // -5..=7
  wire [2:0] rest_7 = maxima_columns_choice_14[2:0];
  wire [1:0] root_7 = {root_8, 1'b0} + {1'b0, maxima_columns_at_most_1};
  reg [1:0] maxima_columns_held_2;
  wire [4:0] maxima_columns_sum_1 = {rest_7, 2'd0} + {3'd0, maxima_columns_held_2};
  wire [3:0] root_7_shifted_plus_1 = {root_7, 2'd0} + 4'd1; // 1..=13
  wire signed [5:0] maxima_columns_difference_2 = {1'b0, maxima_columns_sum_1} - {2'd0, root_7_shifted_plus_1}; // -13..=30
  reg signed [5:0] maxima_columns_held_3; // -13..=30
  wire maxima_columns_at_most_2 = 6'sd0 <= maxima_columns_held_3;
  reg [4:0] maxima_columns_held_4;
  wire signed [5:0] maxima_columns_choice_15 = maxima_columns_at_most_2 ? maxima_columns_held_3 : {1'b0, maxima_columns_held_4}; // -13..=31
  wire [3:0] rest_6 = maxima_columns_choice_15[3:0];
  reg [2:0] root_7_shifted_q; // 0..=6
  wire [2:0] root_6 = root_7_shifted_q + {2'd0, maxima_columns_at_most_2};
  reg [1:0] maxima_columns_held_5;
  wire [5:0] maxima_columns_sum_2 = {rest_6, 2'd0} + {4'd0, maxima_columns_held_5};
  wire [4:0] root_6_shifted_plus_1 = {root_6, 2'd0} + 5'd1; // 1..=29
  wire signed [6:0] maxima_columns_difference_3 = {1'b0, maxima_columns_sum_2} - {2'd0, root_6_shifted_plus_1}; // -29..=62
  wire maxima_columns_at_most_3 = 7'sd0 <= maxima_columns_difference_3;
  wire signed [6:0] maxima_columns_choice_16 = maxima_columns_at_most_3 ? maxima_columns_difference_3 : {1'b0, maxima_columns_sum_2}; // -29..=63
  wire [4:0] rest_5 = maxima_columns_choice_16[4:0];
  wire [3:0] root_5 = {root_6, 1'b0} + {3'd0, maxima_columns_at_most_3};
  reg [1:0] maxima_columns_held_6;
  wire [6:0] maxima_columns_sum_3 = {rest_5, 2'd0} + {5'd0, maxima_columns_held_6};
  wire [5:0] root_5_shifted_plus_1 = {root_5, 2'd0} + 6'd1; // 1..=61
  wire signed [7:0] maxima_columns_difference_4 = {1'b0, maxima_columns_sum_3} - {2'd0, root_5_shifted_plus_1}; // -61..=126
  reg maxima_columns_held_7;
  reg signed [7:0] maxima_columns_held_8; // -61..=126
  reg [6:0] maxima_columns_held_9;
  wire signed [7:0] maxima_columns_choice_17 = maxima_columns_held_7 ? maxima_columns_held_8 : {1'b0, maxima_columns_held_9}; // -61..=127
  wire [5:0] rest_4 = maxima_columns_choice_17[5:0];
  reg [4:0] root_5_shifted_q; // 0..=30
  wire [4:0] root_4 = root_5_shifted_q + {4'd0, maxima_columns_held_7};
  reg [1:0] maxima_columns_held_10;
  wire [7:0] maxima_columns_sum_4 = {rest_4, 2'd0} + {6'd0, maxima_columns_held_10};
  wire [6:0] root_4_shifted_plus_1 = {root_4, 2'd0} + 7'd1; // 1..=125
  wire signed [8:0] maxima_columns_difference_5 = {1'b0, maxima_columns_sum_4} - {2'd0, root_4_shifted_plus_1}; // -125..=254
  wire maxima_columns_at_most_4 = 9'sd0 <= maxima_columns_difference_5;
  wire signed [8:0] maxima_columns_choice_18 = maxima_columns_at_most_4 ? maxima_columns_difference_5 : {1'b0, maxima_columns_sum_4}; // -125..=255
  wire [6:0] rest_3 = maxima_columns_choice_18[6:0];
  wire [5:0] root_3 = {root_4, 1'b0} + {5'd0, maxima_columns_at_most_4};
  reg [1:0] maxima_columns_held_11;
  wire [8:0] maxima_columns_sum_5 = {rest_3, 2'd0} + {7'd0, maxima_columns_held_11};
  wire [7:0] root_3_shifted_plus_1 = {root_3, 2'd0} + 8'd1; // 1..=253
  wire signed [9:0] maxima_columns_difference_6 = {1'b0, maxima_columns_sum_5} - {2'd0, root_3_shifted_plus_1}; // -253..=510
  wire maxima_columns_at_most_5 = 10'sd0 <= maxima_columns_difference_6;
  wire signed [9:0] maxima_columns_choice_19 = maxima_columns_at_most_5 ? maxima_columns_difference_6 : {1'b0, maxima_columns_sum_5}; // -253..=511
  wire [7:0] rest_2 = maxima_columns_choice_19[7:0];
  reg [6:0] root_3_shifted_q; // 0..=126
  reg maxima_columns_held_12;
  wire [6:0] root_2 = root_3_shifted_q + {6'd0, maxima_columns_held_12};
  reg [9:0] rest_2_shifted_q; // 0..=1020
  reg [1:0] maxima_columns_held_13;
  wire [9:0] maxima_columns_sum_6 = rest_2_shifted_q + {8'd0, maxima_columns_held_13};
  wire [8:0] root_2_shifted_plus_1 = {root_2, 2'd0} + 9'd1; // 1..=509
  wire signed [10:0] maxima_columns_difference_7 = {1'b0, maxima_columns_sum_6} - {2'd0, root_2_shifted_plus_1}; // -509..=1022
  wire maxima_columns_at_most_6 = 11'sd0 <= maxima_columns_difference_7;
  wire signed [10:0] maxima_columns_choice_20 = maxima_columns_at_most_6 ? maxima_columns_difference_7 : {1'b0,
      maxima_columns_sum_6}; // -509..=1023
  wire [8:0] rest_1 = maxima_columns_choice_20[8:0];
  wire [7:0] root_1 = {root_2, 1'b0} + {7'd0, maxima_columns_at_most_6};
  reg [1:0] maxima_columns_held_14;
  wire [10:0] maxima_columns_sum_7 = {rest_1, 2'd0} + {9'd0, maxima_columns_held_14};
  wire [9:0] root_1_shifted_plus_1 = {root_1, 2'd0} + 10'd1; // 1..=1021
  wire signed [11:0] maxima_columns_difference_8 = {1'b0, maxima_columns_sum_7} - {2'd0, root_1_shifted_plus_1}; // -1021..=2046
  reg [8:0] root_1_shifted_q; // 0..=510
  reg maxima_columns_held_15;
  wire [8:0] modulus = root_1_shifted_q + {8'd0, maxima_columns_held_15};
  reg maxima_columns_valid_q1;
  reg maxima_columns_valid_q2;
  reg maxima_columns_valid_q3;
  reg maxima_columns_valid_q4;
  reg [1:0] maxima_columns_held_16;
  reg [1:0] maxima_columns_held_17;
  reg [1:0] maxima_columns_held_18;
  reg [1:0] maxima_columns_held_19;
  reg [1:0] maxima_columns_held_20;
  reg [1:0] maxima_columns_held_21;
  reg [1:0] maxima_columns_held_22;
  reg [1:0] maxima_columns_held_23;
  reg [1:0] maxima_columns_held_24;
  reg [1:0] maxima_columns_held_25;
  reg [1:0] maxima_columns_held_26;
  reg [1:0] maxima_columns_held_27;
  always @(posedge clk) begin
    if (rst) begin
      maxima_columns_valid_q1 <= 1'b0;
      maxima_columns_valid_q2 <= 1'b0;
      maxima_columns_valid_q3 <= 1'b0;
      maxima_columns_valid_q4 <= 1'b0;
      maxima_columns_valid_q5 <= 1'b0;
    end else if (maxima_columns_go) begin
      maxima_columns_valid_q1 <= maxima_columns_emits;
      maxima_columns_valid_q2 <= maxima_columns_valid_q1;
      maxima_columns_valid_q3 <= maxima_columns_valid_q2;
      maxima_columns_valid_q4 <= maxima_columns_valid_q3;
      maxima_columns_valid_q5 <= maxima_columns_valid_q4;
    end
  end
  always @(posedge clk) begin
    if (maxima_columns_go) begin
      maxima_columns_held <= maxima_columns_shifted[17:16];
      maxima_columns_held_1 <= maxima_columns_shifted[15:14];
      maxima_columns_held_2 <= maxima_columns_shifted[13:12];
      maxima_columns_held_3 <= maxima_columns_difference_2;
      maxima_columns_held_4 <= maxima_columns_sum_1;
      root_7_shifted_q <= {root_7, 1'b0};
      maxima_columns_held_16 <= maxima_columns_shifted[11:10];
      maxima_columns_held_5 <= maxima_columns_held_16;
      maxima_columns_held_17 <= maxima_columns_shifted[9:8];
      maxima_columns_held_6 <= maxima_columns_held_17;
      maxima_columns_held_7 <= 8'sd0 <= maxima_columns_difference_4;
      maxima_columns_held_8 <= maxima_columns_difference_4;
      maxima_columns_held_9 <= maxima_columns_sum_3;
      root_5_shifted_q <= {root_5, 1'b0};
      maxima_columns_held_18 <= maxima_columns_shifted[7:6];
      maxima_columns_held_19 <= maxima_columns_held_18;
      maxima_columns_held_10 <= maxima_columns_held_19;
      maxima_columns_held_20 <= maxima_columns_shifted[5:4];
      maxima_columns_held_21 <= maxima_columns_held_20;
      maxima_columns_held_11 <= maxima_columns_held_21;
      root_3_shifted_q <= {root_3, 1'b0};
      maxima_columns_held_12 <= maxima_columns_at_most_5;
      rest_2_shifted_q <= {rest_2, 2'd0};
      maxima_columns_held_22 <= maxima_columns_shifted[3:2];
      maxima_columns_held_23 <= maxima_columns_held_22;
      maxima_columns_held_24 <= maxima_columns_held_23;
      maxima_columns_held_13 <= maxima_columns_held_24;
      maxima_columns_held_25 <= maxima_columns_shifted[1:0];
      maxima_columns_held_26 <= maxima_columns_held_25;
      maxima_columns_held_27 <= maxima_columns_held_26;
      maxima_columns_held_14 <= maxima_columns_held_27;
      root_1_shifted_q <= {root_1, 1'b0};
      maxima_columns_held_15 <= 12'sd0 <= maxima_columns_difference_8;
    end
  end

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
      edges_stage_valid <= maxima_columns_valid_q5;
    end
  end
  always @(posedge clk) begin
    if (edges_stage_go) begin
      edges_stage <= modulus;
      edges_stage_last <= maxima_columns_outer_0_1_q5 & maxima_columns_end_1_q5;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && size_valid) && ((size_payload[12:6] < 7'd1) || (7'd64 < size_payload[12:6]))) begin
      $display("%m: size_width is assumed to be 1..=64 (src/hdl/payload.rs), not %0d", size_payload[12:6]);
      $finish;
    end
    if ((~rst && (smooth_1_rows_steps & ~smooth_1_rows_line_end)) && (7'd63 < smooth_1_rows_inner_0_plus_1)) begin
      $display("%m: smooth_1_rows_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", smooth_1_rows_inner_0_plus_1);
      $finish;
    end
    if ((~rst && (gradient_rows_steps & ~gradient_rows_line_end)) && (7'd63 < gradient_rows_inner_0_plus_1)) begin
      $display("%m: gradient_rows_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", gradient_rows_inner_0_plus_1);
      $finish;
    end
    if ((~rst && (maxima_rows_steps & ~maxima_rows_line_end)) && (7'd63 < maxima_rows_inner_0_plus_1)) begin
      $display("%m: maxima_rows_inner_0_plus_1 is assumed to be 1..=63 (src/blocks/window/cursor.rs), not %0d", maxima_rows_inner_0_plus_1);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, size_payload[5:0], raster_now_1_minus_1[7], smooth_1_rows_sum_4[2:0], smooth_1_columns_sum_4[2:0],
      gradient_columns_choice_2[8], gradient_columns_choice_3[8], square_1_q_plus_square_2_q[16], maxima_columns_choice_13[2:1],
      maxima_columns_choice_14[3], maxima_columns_choice_15[5:4], maxima_columns_choice_16[6:5], maxima_columns_choice_17[7:6],
      maxima_columns_choice_18[8:7], maxima_columns_choice_19[9:8], maxima_columns_choice_20[10:9]};
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
