// ---- my_wavelet_quantizer.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// each subband of 1 levels quantized on its own, 3.000 bits a value; frames of [16] samples (u4)
module my_wavelet_quantizer (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [3:0] x_payload, // sample
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [3:0] y_payload, // sample
  output wire y_last
);

  // ---- my_wavelet_quantizer
  wire band_l1_l1_ready;
  wire band_h1_h1_ready;
  wire forward_l1_last;

  // ---- y
  wire [3:0] forward_l1_payload;
  wire signed [4:0] forward_h1_payload; // -15..=15

  // ---- points
  wire forward_l1_valid;
  wire forward_h1_valid;
  my_wavelet_quantizer_forward forward (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload(x_payload), .x_ready(x_ready),
    .l1_ready(band_l1_l1_ready), .l1_valid(forward_l1_valid), .l1_payload(forward_l1_payload),
    .l1_last(forward_l1_last),
    .h1_ready(band_h1_h1_ready), .h1_valid(forward_h1_valid), .h1_payload(forward_h1_payload)
  );

  // ---- l1
  wire band_l1_treated_valid;
  wire inverse_l1_ready;
  wire [3:0] band_l1_treated_payload;
  my_wavelet_quantizer_band_l1 band_l1 (
    .clk(clk), .rst(rst),
    .l1_valid(forward_l1_valid), .l1_payload(forward_l1_payload), .l1_last(forward_l1_last),
    .l1_ready(band_l1_l1_ready),
    .treated_ready(inverse_l1_ready), .treated_valid(band_l1_treated_valid),
    .treated_payload(band_l1_treated_payload)
  );

  // ---- h1
  wire band_h1_treated_valid;
  wire inverse_h1_ready;
  wire signed [3:0] band_h1_treated_payload; // -8..=4
  my_wavelet_quantizer_band_h1 band_h1 (
    .clk(clk), .rst(rst),
    .h1_valid(forward_h1_valid), .h1_payload(forward_h1_payload), .h1_last(forward_l1_last),
    .h1_ready(band_h1_h1_ready),
    .treated_ready(inverse_h1_ready), .treated_valid(band_h1_treated_valid),
    .treated_payload(band_h1_treated_payload)
  );

  // ---- inverse_y
  my_wavelet_quantizer_inverse inverse (
    .clk(clk), .rst(rst),
    .l1_valid(band_l1_treated_valid), .l1_payload(band_l1_treated_payload), .l1_ready(inverse_l1_ready),
    .h1_valid(band_h1_treated_valid), .h1_payload({band_h1_treated_payload[3], band_h1_treated_payload}),
    .h1_ready(inverse_h1_ready),
    .y_ready(y_ready), .y_valid(y_valid), .y_payload(y_payload), .y_last(y_last)
  );

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [3:0] x_beat; // of the 16 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 4'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 4'd15)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 15 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 4'd0 : (x_beat + 4'd1);
    end
  end
`endif
endmodule

// ---- my_wavelet_quantizer_forward.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// lifting, samples to subbands: 1 levels of frames of [16] samples (u4)
module my_wavelet_quantizer_forward (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [3:0] x_payload,
  input  wire l1_ready,
  input  wire h1_ready,
  output wire x_ready,
  output wire l1_valid,
  output wire [3:0] l1_payload,
  output wire l1_last,
  output wire h1_valid,
  output wire signed [4:0] h1_payload // -15..=15
);

  // ---- forward
  wire level_1_x_ready;
  assign x_ready = level_1_x_ready;
  reg [3:0] raster_place_0;
  wire raster_place_0_is_15 = raster_place_0 == 4'd15;
  wire [4:0] raster_place_0_plus_1 = {1'b0, raster_place_0} + 5'd1; // 1..=16
  wire [3:0] raster_place_0_next = raster_place_0_is_15 ? 4'd0 : raster_place_0_plus_1[3:0];
  always @(posedge clk) begin
    if (rst) begin
      raster_place_0 <= 4'd0;
    end else if (x_valid & level_1_x_ready) begin
      raster_place_0 <= raster_place_0_next;
    end
  end

  // ---- points
  my_wavelet_quantizer_level_1 level_1 (
    .clk(clk), .rst(rst),
    .x_valid(x_valid), .x_payload({raster_place_0_is_15, x_payload}), .x_ready(level_1_x_ready),
    .h_ready(h1_ready), .h_valid(h1_valid), .h_payload(h1_payload), .h_last(l1_last),
    .low_ready(l1_ready), .low_valid(l1_valid), .low_payload(l1_payload)
  );

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~raster_place_0_is_15) && (5'd15 < raster_place_0_plus_1)) begin
      $display("%m: raster_place_0_plus_1 is assumed to be 1..=15 (src/blocks/window/counter.rs), not %0d", raster_place_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_wavelet_quantizer_level_1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// level 1 of the transform: its low band, and what it takes off; frames of [16]
module my_wavelet_quantizer_level_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [4:0] x_payload, // [3:0] x_values; [4] x_ends
  input  wire h_ready,
  input  wire low_ready,
  output wire x_ready,
  output wire h_valid,
  output wire signed [4:0] h_payload, // -15..=15
  output wire h_last,
  output wire low_valid,
  output wire [3:0] low_payload
);

  // ---- driven further down
  wire [10:0] update_y_payload;
  wire points_ready_1;

  // ---- x
  wire [3:0] x_values = x_payload[3:0];

  // ---- level_1
  wire x_ends = x_payload[4];
  reg pair_second;
  wire update_x_ready;
  wire predict_x_ready;
  reg pair_alone;
  wire points_ready = (pair_second & predict_x_ready) | (~pair_second & (~pair_alone | predict_x_ready));
  reg [3:0] pair_even;
  wire pair_second_enable = x_valid & points_ready;
  wire pair_even_enable = pair_second_enable & ~pair_second;
  wire predict_y_valid;
  wire [9:0] predict_y_payload;
  wire predict_y_last;
  wire update_y_valid;
  assign x_ready = points_ready;
  my_wavelet_quantizer_predict predict (
    .clk(clk), .rst(rst),
    .x_valid(pair_alone | (pair_second & x_valid)), .x_payload({~pair_alone, x_values, pair_even}),
    .x_last(pair_alone | x_ends), .x_ready(predict_x_ready),
    .y_ready(update_x_ready), .y_valid(predict_y_valid), .y_payload(predict_y_payload), .y_last(predict_y_last)
  );
  my_wavelet_quantizer_update update (
    .clk(clk), .rst(rst),
    .x_valid(predict_y_valid), .x_payload(predict_y_payload), .x_last(predict_y_last), .x_ready(update_x_ready),
    .y_ready(points_ready_1), .y_valid(update_y_valid), .y_payload(update_y_payload), .y_last(h_last)
  );
  always @(posedge clk) begin
    if (rst) begin
      pair_second <= 1'b0;
    end else if (pair_second_enable) begin
      pair_second <= ~pair_second & ~x_ends;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      pair_alone <= 1'b0;
    end else begin
      pair_alone <= (pair_even_enable & x_ends) | (pair_alone & ~predict_x_ready);
    end
  end
  always @(posedge clk) begin
    if (pair_even_enable) begin
      pair_even <= x_values;
    end
  end

  // ---- y
  assign low_payload = update_y_payload[3:0];
  assign h_payload = 5'd0 - update_y_payload[10:6]; // -15..=15

  // ---- points
  reg points_0_done;
  wire points_0_served = points_0_done | low_ready;
  reg points_1_done;
  wire points_1_served = points_1_done | h_ready;
  assign points_ready_1 = points_0_served & points_1_served;
  assign low_valid = update_y_valid & ~points_0_done;
  assign h_valid = update_y_valid & ~points_1_done;
  always @(posedge clk) begin
    if (rst) begin
      points_0_done <= 1'b0;
      points_1_done <= 1'b0;
    end else if (update_y_valid) begin
      points_0_done <= ~points_ready_1 & points_0_served;
      points_1_done <= ~points_ready_1 & points_1_served;
    end
  end
  wire unused_bits = &{1'b0, update_y_payload[5:4]};
endmodule

// ---- my_wavelet_quantizer_predict.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// odd[n] -= (even[n]) >> 0, along lines
module my_wavelet_quantizer_predict (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [8:0] x_payload, // [3:0] x_even; [7:4] x_odd; [8] x_whole
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [9:0] y_payload, // [3:0] y_even; [8:4] y_odd, -15..=15; [9] y_whole
  output wire y_last
);

  // ---- driven further down
  wire signed [4:0] predict_not_sum; // -15..=15

  // ---- predict
  wire [3:0] x_even = x_payload[3:0];
  wire [3:0] x_odd = x_payload[7:4];
  wire x_whole = x_payload[8];
  reg predict_valid;
  wire pairs_ready = ~predict_valid | y_ready;
  reg [3:0] predict_source;
  reg signed [4:0] predict_target; // -16..=-1
  reg predict_mark;
  reg predict_last;
  wire predict_target_enable = x_valid & pairs_ready;
  assign y_payload = {predict_mark, predict_not_sum, predict_source};
  assign x_ready = pairs_ready;
  assign y_valid = predict_valid;
  assign y_last = predict_last;
  always @(posedge clk) begin
    if (rst) begin
      predict_valid <= 1'b0;
    end else if (~predict_valid | y_ready) begin
      predict_valid <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_source <= x_even;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_target <= ~{1'b0, x_odd};
      predict_mark <= x_whole;
      predict_last <= x_last;
    end
  end

  // ---- predict
  my_wavelet_quantizer_inverted_adder #(.WIDTH(5)) predict_not_sum_adder (
    .a(predict_target), .b({1'b0, predict_source}), .sum(predict_not_sum)
  );
endmodule

// ---- my_wavelet_quantizer_update.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// even[n] += (odd[n]) >> 1, along lines
module my_wavelet_quantizer_update (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [9:0] x_payload, // [3:0] x_even; [8:4] x_odd, -15..=15; [9] x_whole
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [10:0] y_payload, // [5:0] y_even, -8..=22; [10:6] y_odd, -15..=15
  output wire y_last
);

  // ---- driven further down
  wire signed [4:0] x_odd; // -15..=15

  // ---- update
  wire [3:0] x_even = x_payload[3:0];
  wire x_whole = x_payload[9];
  reg update_valid;
  wire predict_ready = ~update_valid | y_ready;
  reg signed [4:0] update_source; // -15..=15
  reg [3:0] update_target;
  reg update_last;
  wire update_target_enable = x_valid & predict_ready;
  wire signed [4:0] update_source_next = (x_last & ~x_whole) ? 5'd0 : x_odd; // -15..=15
  assign x_ready = predict_ready;
  assign y_valid = update_valid;
  assign y_last = update_last;
  always @(posedge clk) begin
    if (rst) begin
      update_valid <= 1'b0;
    end else if (~update_valid | y_ready) begin
      update_valid <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_source <= update_source_next;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_target <= x_even;
      update_last <= x_last;
    end
  end

  // ---- predict
  assign x_odd = x_payload[8:4];

  // ---- update
  wire signed [5:0] update_sum; // -8..=22
  my_wavelet_quantizer_adder #(.WIDTH(6)) update_sum_adder (
    .a({2'd0, update_target}), .b({{2{update_source[4]}}, update_source[4:1]}), .sum(update_sum)
  );
  assign y_payload = {update_source, update_sum};
endmodule

// ---- my_wavelet_quantizer_band_l1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// what becomes of subband l1, and its room while the others come
module my_wavelet_quantizer_band_l1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire l1_valid,
  input  wire [3:0] l1_payload,
  input  wire l1_last,
  input  wire treated_ready,
  output wire l1_ready,
  output wire treated_valid,
  output wire [3:0] treated_payload
);

  // ---- driven further down
  wire points_ready;

  // ---- band_l1
  assign l1_ready = points_ready;

  // ---- l1
  reg l1_full;
  assign points_ready = ~l1_full;
  wire [3:0] code = l1_payload;
  reg [6:0] l1_count; // 0..=64
  reg [5:0] l1_read;
  reg l1_fifo_valid;
  wire l1_advance = ~l1_fifo_valid | treated_ready;
  wire l1_reads = (l1_count != 7'd0) & l1_advance;
  reg [4:0] l1_fifo_word;
  assign treated_payload = l1_fifo_word[3:0];
  wire l1_read_is_63 = l1_read == 6'd63;
  wire [6:0] l1_read_plus_1 = {1'b0, l1_read} + 7'd1; // 1..=64
  wire [5:0] l1_read_next = l1_read_is_63 ? 6'd0 : l1_read_plus_1[5:0];
  reg [5:0] l1_write;
  wire l1_write_enable = l1_valid & points_ready;
  wire l1_write_is_63 = l1_write == 6'd63;
  wire [6:0] l1_write_plus_1 = {1'b0, l1_write} + 7'd1; // 1..=64
  wire [5:0] l1_write_next = l1_write_is_63 ? 6'd0 : l1_write_plus_1[5:0];
  wire l1_full_next = (((l1_count == 7'd63) & l1_write_enable) | l1_full) & ~l1_reads;
  wire [6:0] l1_count_plus_l1_write_enable = l1_count + {6'd0, l1_write_enable}; // 0..=65
  wire signed [7:0] l1_count_next = {1'b0, l1_count_plus_l1_write_enable} - {7'd0, l1_reads}; // -1..=65
  assign treated_valid = l1_fifo_valid;
  always @(posedge clk) begin
    if (rst) begin
      l1_count <= 7'd0;
      l1_full <= 1'b0;
    end else begin
      l1_count <= l1_count_next[6:0];
      l1_full <= l1_full_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      l1_read <= 6'd0;
    end else if (l1_reads) begin
      l1_read <= l1_read_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      l1_fifo_valid <= 1'b0;
    end else if (l1_advance) begin
      l1_fifo_valid <= l1_count != 7'd0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      l1_write <= 6'd0;
    end else if (l1_write_enable) begin
      l1_write <= l1_write_next;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [4:0] l1_fifo [0:63];
  always @(posedge clk) begin
    if (l1_write_enable) begin
      l1_fifo[l1_write] <= {l1_last, code};
    end
  end
  always @(posedge clk) begin
    if (l1_reads) begin
      l1_fifo_word <= l1_fifo[l1_read];
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~l1_read_is_63) && (7'd63 < l1_read_plus_1)) begin
      $display("%m: l1_read_plus_1 is assumed to be 1..=63 (src/datapath/bandwise.rs), not %0d", l1_read_plus_1);
      $finish;
    end
    if ((~rst && ~l1_write_is_63) && (7'd63 < l1_write_plus_1)) begin
      $display("%m: l1_write_plus_1 is assumed to be 1..=63 (src/datapath/bandwise.rs), not %0d", l1_write_plus_1);
      $finish;
    end
    if (~rst && ((l1_count_next < 8'sd0) || (8'sd64 < l1_count_next))) begin
      $display("%m: l1_count_next is assumed to be 0..=64 (src/datapath/bandwise.rs), not %0d", l1_count_next);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, l1_fifo_word[4]};
endmodule

// ---- my_wavelet_quantizer_band_h1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// what becomes of subband h1, and its room while the others come
module my_wavelet_quantizer_band_h1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire h1_valid,
  input  wire signed [4:0] h1_payload, // -15..=15
  input  wire h1_last,
  input  wire treated_ready,
  output wire h1_ready,
  output wire treated_valid,
  output wire signed [3:0] treated_payload // -8..=4
);

  // ---- driven further down
  wire points_ready;

  // ---- band_h1
  assign h1_ready = points_ready;

  // ---- h1
  reg h1_full;
  assign points_ready = ~h1_full;
  wire signed [5:0] h1_payload_shifted_plus_8 = {h1_payload[4], h1_payload} + 6'd8; // -7..=23
  wire signed [5:0] h1_payload_shifted_plus_8_plus_2 = h1_payload_shifted_plus_8 + 6'd2; // -5..=25
  wire [1:0] code = ($signed(h1_payload_shifted_plus_8_plus_2[5:2]) < 4'sd0) ? 2'd0 : (4'sd3 < $signed(h1_payload_shifted_plus_8_plus_2[5:2])) ? 2'd3 : h1_payload_shifted_plus_8_plus_2[3:2];
  wire signed [3:0] code_shifted_plus_minus_8 = {code, 2'd0} + 4'sh8; // -8..=4
  reg [6:0] h1_count; // 0..=64
  reg [5:0] h1_read;
  reg h1_fifo_valid;
  wire h1_advance = ~h1_fifo_valid | treated_ready;
  wire h1_reads = (h1_count != 7'd0) & h1_advance;
  reg [4:0] h1_fifo_word;
  assign treated_payload = h1_fifo_word[3:0];
  wire h1_read_is_63 = h1_read == 6'd63;
  wire [6:0] h1_read_plus_1 = {1'b0, h1_read} + 7'd1; // 1..=64
  wire [5:0] h1_read_next = h1_read_is_63 ? 6'd0 : h1_read_plus_1[5:0];
  reg [5:0] h1_write;
  wire h1_write_enable = h1_valid & points_ready;
  wire h1_write_is_63 = h1_write == 6'd63;
  wire [6:0] h1_write_plus_1 = {1'b0, h1_write} + 7'd1; // 1..=64
  wire [5:0] h1_write_next = h1_write_is_63 ? 6'd0 : h1_write_plus_1[5:0];
  wire h1_full_next = (((h1_count == 7'd63) & h1_write_enable) | h1_full) & ~h1_reads;
  wire [6:0] h1_count_plus_h1_write_enable = h1_count + {6'd0, h1_write_enable}; // 0..=65
  wire signed [7:0] h1_count_next = {1'b0, h1_count_plus_h1_write_enable} - {7'd0, h1_reads}; // -1..=65
  assign treated_valid = h1_fifo_valid;
  always @(posedge clk) begin
    if (rst) begin
      h1_count <= 7'd0;
      h1_full <= 1'b0;
    end else begin
      h1_count <= h1_count_next[6:0];
      h1_full <= h1_full_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      h1_read <= 6'd0;
    end else if (h1_reads) begin
      h1_read <= h1_read_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      h1_fifo_valid <= 1'b0;
    end else if (h1_advance) begin
      h1_fifo_valid <= h1_count != 7'd0;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      h1_write <= 6'd0;
    end else if (h1_write_enable) begin
      h1_write <= h1_write_next;
    end
  end
  (* no_rw_check, ram_style = "block" *) reg [4:0] h1_fifo [0:63];
  always @(posedge clk) begin
    if (h1_write_enable) begin
      h1_fifo[h1_write] <= {h1_last, code_shifted_plus_minus_8};
    end
  end
  always @(posedge clk) begin
    if (h1_reads) begin
      h1_fifo_word <= h1_fifo[h1_read];
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && h1_fifo_valid) && (4'sd4 < treated_payload)) begin
      $display("%m: h1_fifo_word_3_0 is assumed to be -8..=4 (src/datapath/bandwise.rs), not %0d", treated_payload);
      $finish;
    end
    if ((~rst && ~h1_read_is_63) && (7'd63 < h1_read_plus_1)) begin
      $display("%m: h1_read_plus_1 is assumed to be 1..=63 (src/datapath/bandwise.rs), not %0d", h1_read_plus_1);
      $finish;
    end
    if ((~rst && ~h1_write_is_63) && (7'd63 < h1_write_plus_1)) begin
      $display("%m: h1_write_plus_1 is assumed to be 1..=63 (src/datapath/bandwise.rs), not %0d", h1_write_plus_1);
      $finish;
    end
    if (~rst && ((h1_count_next < 8'sd0) || (8'sd64 < h1_count_next))) begin
      $display("%m: h1_count_next is assumed to be 0..=64 (src/datapath/bandwise.rs), not %0d", h1_count_next);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, h1_payload_shifted_plus_8_plus_2[1:0], h1_fifo_word[4]};
endmodule

// ---- my_wavelet_quantizer_inverse.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// lifting, subbands to samples: 1 levels of frames of [16] samples (u4)
module my_wavelet_quantizer_inverse (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire l1_valid,
  input  wire [3:0] l1_payload,
  input  wire h1_valid,
  input  wire signed [4:0] h1_payload,
  input  wire y_ready,
  output wire l1_ready,
  output wire h1_ready,
  output wire y_valid,
  output wire [3:0] y_payload,
  output wire y_last
);

  // ---- driven further down
  wire level_1_y_valid;
  wire level_1_y_last;
  wire [3:0] level_1_y_payload_clamped;

  // ---- inverse_y
  reg inverse_y_stage_valid;
  wire inverse_y_stage_go = ~inverse_y_stage_valid | y_ready;
  reg [3:0] inverse_y_stage;
  reg inverse_y_stage_last;
  assign y_valid = inverse_y_stage_valid;
  assign y_payload = inverse_y_stage;
  assign y_last = inverse_y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      inverse_y_stage_valid <= 1'b0;
    end else if (inverse_y_stage_go) begin
      inverse_y_stage_valid <= level_1_y_valid;
    end
  end
  always @(posedge clk) begin
    if (inverse_y_stage_go) begin
      inverse_y_stage <= level_1_y_payload_clamped;
      inverse_y_stage_last <= level_1_y_last;
    end
  end

  // ---- inverse
  wire signed [6:0] level_1_y_payload; // -23..=39
  my_wavelet_quantizer_level_1_1 level_1 (
    .clk(clk), .rst(rst),
    .low_valid(l1_valid), .low_payload(l1_payload), .low_ready(l1_ready),
    .h_valid(h1_valid), .h_payload(h1_payload), .h_ready(h1_ready),
    .y_ready(inverse_y_stage_go), .y_valid(level_1_y_valid), .y_payload(level_1_y_payload), .y_last(level_1_y_last)
  );

  // ---- y
  assign level_1_y_payload_clamped = (level_1_y_payload < 7'sd0) ? 4'd0 : (7'sd15 < level_1_y_payload) ? 4'd15 : level_1_y_payload[3:0];
endmodule

// ---- my_wavelet_quantizer_level_1_1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// level 1 of the transform back: its low band and the others put together; frames of [16]
module my_wavelet_quantizer_level_1_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire low_valid,
  input  wire [3:0] low_payload,
  input  wire h_valid,
  input  wire signed [4:0] h_payload,
  input  wire y_ready,
  output wire low_ready,
  output wire h_ready,
  output wire y_valid,
  output wire signed [6:0] y_payload, // -23..=39
  output wire y_last
);

  // ---- driven further down
  wire l1_ready;
  wire h1_ready;
  wire signed [5:0] constant_minus_h_payload; // -15..=16
  wire [12:0] update_y_payload;

  // ---- l1
  assign low_ready = l1_ready;

  // ---- h1
  assign h_ready = h1_ready;

  // ---- level_1
  reg [2:0] level1_place_0;
  wire level1_place_0_is_7 = level1_place_0 == 3'd7;
  wire update_x_valid = low_valid & h_valid;
  reg interleave_second;
  wire [13:0] predict_y_payload;
  wire either = interleave_second | ~predict_y_payload[13];
  wire predict_ready = y_ready & either;
  wire predict_x_ready;
  wire bands1_ready;
  assign l1_ready = update_x_valid & bands1_ready;
  assign h1_ready = l1_ready;
  wire [3:0] level1_place_0_plus_1 = {1'b0, level1_place_0} + 4'd1; // 1..=8
  wire [2:0] level1_place_0_next = level1_place_0_is_7 ? 3'd0 : level1_place_0_plus_1[2:0];
  wire update_y_valid;
  wire update_y_last;
  wire predict_y_last;
  assign y_payload = interleave_second ? predict_y_payload[12:6] : {predict_y_payload[5], predict_y_payload[5:0]}; // -23..=39
  assign y_last = predict_y_last & either;
  my_wavelet_quantizer_update_1 update (
    .clk(clk), .rst(rst),
    .x_valid(update_x_valid), .x_payload({1'b1, constant_minus_h_payload, low_payload}),
    .x_last(level1_place_0_is_7), .x_ready(bands1_ready),
    .y_ready(predict_x_ready), .y_valid(update_y_valid), .y_payload(update_y_payload), .y_last(update_y_last)
  );
  my_wavelet_quantizer_predict_1 predict (
    .clk(clk), .rst(rst),
    .x_valid(update_y_valid), .x_payload(update_y_payload), .x_last(update_y_last), .x_ready(predict_x_ready),
    .y_ready(predict_ready), .y_valid(y_valid), .y_payload(predict_y_payload), .y_last(predict_y_last)
  );
  always @(posedge clk) begin
    if (rst) begin
      level1_place_0 <= 3'd0;
    end else if (l1_ready) begin
      level1_place_0 <= level1_place_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      interleave_second <= 1'b0;
    end else if (y_valid & y_ready) begin
      interleave_second <= ~either;
    end
  end

  // ---- points
  assign constant_minus_h_payload = 6'd0 - {h_payload[4], h_payload};

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~level1_place_0_is_7) && (4'd7 < level1_place_0_plus_1)) begin
      $display("%m: level1_place_0_plus_1 is assumed to be 1..=7 (src/blocks/window/counter.rs), not %0d", level1_place_0_plus_1);
      $finish;
    end
  end
`endif
endmodule

// ---- my_wavelet_quantizer_update_1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// even[n] -= (odd[n]) >> 1, along lines
module my_wavelet_quantizer_update_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [10:0] x_payload, // [3:0] x_even; [9:4] x_odd, -15..=16; [10] x_whole
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [12:0] y_payload, // [5:0] y_even, -8..=23; [11:6] y_odd, -15..=16; [12] y_whole
  output wire y_last
);

  // ---- driven further down
  wire [3:0] x_even;
  wire signed [5:0] x_odd; // -15..=16

  // ---- update
  wire x_whole = x_payload[10];
  reg update_valid;
  wire points_ready = ~update_valid | y_ready;
  reg signed [5:0] update_source; // -15..=16
  reg signed [4:0] update_target; // -16..=-1
  reg update_mark;
  reg update_last;
  wire update_target_enable = x_valid & points_ready;
  wire signed [5:0] update_source_next = (x_last & ~x_whole) ? 6'd0 : x_odd; // -15..=16
  assign x_ready = points_ready;
  assign y_valid = update_valid;
  assign y_last = update_last;
  always @(posedge clk) begin
    if (rst) begin
      update_valid <= 1'b0;
    end else if (~update_valid | y_ready) begin
      update_valid <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_source <= update_source_next;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_target <= ~{1'b0, x_even};
      update_mark <= x_whole;
      update_last <= x_last;
    end
  end

  // ---- l1
  assign x_even = x_payload[3:0];

  // ---- points
  assign x_odd = x_payload[9:4];

  // ---- update
  wire signed [5:0] update_not_sum; // -8..=23
  my_wavelet_quantizer_inverted_adder #(.WIDTH(6)) update_not_sum_adder (
    .a({update_target[4], update_target}), .b({update_source[5], update_source[5:1]}), .sum(update_not_sum)
  );
  assign y_payload = {update_mark, update_source, update_not_sum};
endmodule

// ---- my_wavelet_quantizer_predict_1.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// odd[n] += (even[n]) >> 0, along lines
module my_wavelet_quantizer_predict_1 (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [12:0] x_payload, // [5:0] x_even, -8..=23; [11:6] x_odd, -15..=16; [12] x_whole
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [13:0] y_payload, // [5:0] y_even, -8..=23; [12:6] y_odd, -23..=39; [13] y_whole
  output wire y_last
);

  // ---- driven further down
  wire signed [5:0] x_even; // -8..=23
  wire signed [6:0] predict_sum; // -23..=39

  // ---- predict
  wire signed [5:0] x_odd = x_payload[11:6]; // -15..=16
  wire x_whole = x_payload[12];
  reg predict_valid;
  wire update_ready = ~predict_valid | y_ready;
  reg signed [5:0] predict_source; // -8..=23
  reg signed [5:0] predict_target; // -15..=16
  reg predict_mark;
  reg predict_last;
  wire predict_target_enable = x_valid & update_ready;
  assign y_payload = {predict_mark, predict_sum, predict_source};
  assign x_ready = update_ready;
  assign y_valid = predict_valid;
  assign y_last = predict_last;
  always @(posedge clk) begin
    if (rst) begin
      predict_valid <= 1'b0;
    end else if (~predict_valid | y_ready) begin
      predict_valid <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_source <= x_even;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_target <= x_odd;
      predict_mark <= x_whole;
      predict_last <= x_last;
    end
  end

  // ---- update
  assign x_even = x_payload[5:0];

  // ---- predict
  my_wavelet_quantizer_adder #(.WIDTH(7)) predict_sum_adder (
    .a({predict_target[5], predict_target}), .b({predict_source[5], predict_source}), .sum(predict_sum)
  );
endmodule

// ---- my_wavelet_quantizer_inverted_adder.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// sum = ~(a + b); apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_wavelet_quantizer_inverted_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = ~(a + b);
endmodule

// ---- my_wavelet_quantizer_adder.v
// Design my_wavelet_quantizer, text <hash>, written by ternlet <version>
// sum = a + b; apart from what is around it, so that synthesis makes one carry chain of it
(* keep_hierarchy *)
module my_wavelet_quantizer_adder #(
  parameter WIDTH = 1
) (
  input  wire [WIDTH-1:0] a,
  input  wire [WIDTH-1:0] b,
  output wire [WIDTH-1:0] sum
);
  assign sum = a + b;
endmodule
