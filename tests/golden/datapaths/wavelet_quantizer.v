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

  // ---- driven further down
  wire band_l1_treated_valid;
  wire inverse_l1_ready;
  wire [3:0] band_l1_treated_payload;
  wire band_h1_treated_valid;
  wire inverse_h1_ready;
  wire signed [3:0] band_h1_treated_payload; // -8..=4
  wire inverse_y_stage_go;

  // ---- my_wavelet_quantizer
  wire band_l1_l1_ready;
  wire band_h1_h1_ready;
  wire forward_l1_last;
  wire inverse_y_valid;
  wire inverse_y_last;

  // ---- update
  wire [3:0] forward_l1_payload;
  wire signed [4:0] forward_h1_payload; // -15..=15

  // ---- points
  wire forward_l1_valid;
  wire forward_h1_valid;
  wire [3:0] inverse_y_payload;
  my_wavelet_quantizer_forward forward (
    .clk(clk),
    .rst(rst),
    .x_valid(x_valid),
    .x_payload(x_payload),
    .l1_ready(band_l1_l1_ready),
    .h1_ready(band_h1_h1_ready),
    .x_ready(x_ready),
    .l1_valid(forward_l1_valid),
    .l1_payload(forward_l1_payload),
    .l1_last(forward_l1_last),
    .h1_valid(forward_h1_valid),
    .h1_payload(forward_h1_payload)
  );
  my_wavelet_quantizer_inverse inverse (
    .clk(clk),
    .rst(rst),
    .l1_valid(band_l1_treated_valid),
    .l1_payload(band_l1_treated_payload),
    .h1_valid(band_h1_treated_valid),
    .h1_payload({band_h1_treated_payload[3], band_h1_treated_payload}),
    .y_ready(inverse_y_stage_go),
    .l1_ready(inverse_l1_ready),
    .h1_ready(inverse_h1_ready),
    .y_valid(inverse_y_valid),
    .y_payload(inverse_y_payload),
    .y_last(inverse_y_last)
  );

  // ---- l1
  my_wavelet_quantizer_band_l1 band_l1 (
    .clk(clk),
    .rst(rst),
    .l1_valid(forward_l1_valid),
    .l1_payload(forward_l1_payload),
    .l1_last(forward_l1_last),
    .treated_ready(inverse_l1_ready),
    .l1_ready(band_l1_l1_ready),
    .treated_valid(band_l1_treated_valid),
    .treated_payload(band_l1_treated_payload)
  );

  // ---- h1
  my_wavelet_quantizer_band_h1 band_h1 (
    .clk(clk),
    .rst(rst),
    .h1_valid(forward_h1_valid),
    .h1_payload(forward_h1_payload),
    .h1_last(forward_l1_last),
    .treated_ready(inverse_h1_ready),
    .h1_ready(band_h1_h1_ready),
    .treated_valid(band_h1_treated_valid),
    .treated_payload(band_h1_treated_payload)
  );

  // ---- inverse_y
  reg inverse_y_stage_valid;
  assign inverse_y_stage_go = ~inverse_y_stage_valid | y_ready;
  reg [3:0] inverse_y_stage;
  reg inverse_y_stage_last;
  assign y_valid = inverse_y_stage_valid;
  assign y_payload = inverse_y_stage;
  assign y_last = inverse_y_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      inverse_y_stage_valid <= 1'b0;
    end else if (inverse_y_stage_go) begin
      inverse_y_stage_valid <= inverse_y_valid;
    end
  end
  always @(posedge clk) begin
    if (inverse_y_stage_go) begin
      inverse_y_stage <= inverse_y_payload;
      inverse_y_stage_last <= inverse_y_last;
    end
  end
  wire unused_bits = &{1'b0, x_last};
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

  // ---- driven further down
  wire signed [4:0] predict_not_sum; // -15..=15
  wire points_ready_1;

  // ---- forward
  reg pair_second;
  reg predict_valid;
  reg update_valid;
  wire predict_ready = ~update_valid | points_ready_1;
  wire pairs_ready = ~predict_valid | predict_ready;
  reg pair_alone;
  wire points_ready = (pair_second & pairs_ready) | (~pair_second & (~pair_alone | pairs_ready));
  assign x_ready = points_ready;
  reg [3:0] raster_place_0;
  wire raster_place_0_is_15 = raster_place_0 == 4'd15;
  wire [4:0] raster_place_0_plus_1 = {1'b0, raster_place_0} + 5'd1; // 1..=16
  wire [3:0] raster_place_0_next = raster_place_0_is_15 ? 4'd0 : raster_place_0_plus_1[3:0];
  reg [3:0] pair_even;
  wire predict_valid_next = pair_alone | (pair_second & x_valid);
  wire pair_second_enable = x_valid & points_ready;
  wire pair_even_enable = pair_second_enable & ~pair_second;
  reg [3:0] predict_source;
  reg signed [4:0] predict_target; // -16..=-1
  reg predict_mark;
  reg predict_last;
  wire predict_target_enable = predict_valid_next & pairs_ready;
  reg signed [4:0] update_source; // -15..=15
  reg [3:0] update_target;
  reg update_last;
  wire update_target_enable = predict_valid & predict_ready;
  wire signed [4:0] update_source_next = (predict_last & ~predict_mark) ? 5'd0 : predict_not_sum; // -15..=15
  assign l1_last = update_last;
  always @(posedge clk) begin
    if (rst) begin
      raster_place_0 <= 4'd0;
    end else if (x_valid & points_ready) begin
      raster_place_0 <= raster_place_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      pair_second <= 1'b0;
    end else if (pair_second_enable) begin
      pair_second <= ~pair_second & ~raster_place_0_is_15;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      pair_alone <= 1'b0;
    end else begin
      pair_alone <= (pair_even_enable & raster_place_0_is_15) | (pair_alone & ~pairs_ready);
    end
  end
  always @(posedge clk) begin
    if (pair_even_enable) begin
      pair_even <= x_payload;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      predict_valid <= 1'b0;
    end else if (~predict_valid | predict_ready) begin
      predict_valid <= predict_valid_next;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_source <= pair_even;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_target <= ~{1'b0, x_payload};
      predict_mark <= ~pair_alone;
      predict_last <= pair_alone | raster_place_0_is_15;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      update_valid <= 1'b0;
    end else if (~update_valid | points_ready_1) begin
      update_valid <= predict_valid;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_source <= update_source_next;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_target <= predict_source;
      update_last <= predict_last;
    end
  end

  // ---- predict
  my_wavelet_quantizer_inverted_adder #(.WIDTH(5)) predict_not_sum_adder (
    .a(predict_target),
    .b({1'b0, predict_source}),
    .sum(predict_not_sum)
  );

  // ---- update
  wire signed [5:0] update_sum; // -8..=22
  my_wavelet_quantizer_adder #(.WIDTH(6)) update_sum_adder (
    .a({2'd0, update_target}),
    .b({{2{update_source[4]}}, update_source[4:1]}),
    .sum(update_sum)
  );
  assign l1_payload = update_sum[3:0];
  assign h1_payload = 5'd0 - update_source; // -15..=15

  // ---- points
  reg points_0_done;
  wire points_0_served = points_0_done | l1_ready;
  reg points_1_done;
  wire points_1_served = points_1_done | h1_ready;
  assign points_ready_1 = points_0_served & points_1_served;
  assign l1_valid = update_valid & ~points_0_done;
  assign h1_valid = update_valid & ~points_1_done;
  always @(posedge clk) begin
    if (rst) begin
      points_0_done <= 1'b0;
      points_1_done <= 1'b0;
    end else if (update_valid) begin
      points_0_done <= ~points_ready_1 & points_0_served;
      points_1_done <= ~points_ready_1 & points_1_served;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~raster_place_0_is_15) && (5'd15 < raster_place_0_plus_1)) begin
      $display("%m: raster_place_0_plus_1 is assumed to be 1..=15 (src/blocks/window/counter.rs), not %0d", raster_place_0_plus_1);
      $finish;
    end
  end
`endif
  wire unused_bits = &{1'b0, update_sum[5:4]};
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
  reg [6:0] l1_count; // 0..=64
  assign points_ready = l1_count != 7'd64;
  wire [3:0] code = l1_payload;
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
  wire [6:0] l1_sum = l1_count + {6'd0, l1_write_enable}; // 0..=65
  wire signed [7:0] l1_count_next = {1'b0, l1_sum} - {7'd0, l1_reads}; // -1..=65
  assign treated_valid = l1_fifo_valid;
  always @(posedge clk) begin
    if (rst) begin
      l1_count <= 7'd0;
    end else begin
      l1_count <= l1_count_next[6:0];
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
  reg [6:0] h1_count; // 0..=64
  assign points_ready = h1_count != 7'd64;
  wire signed [5:0] h1_payload_shifted_plus_8 = {h1_payload[4], h1_payload} + 6'd8; // -7..=23
  wire signed [5:0] h1_payload_shifted_plus_8_plus_2 = h1_payload_shifted_plus_8 + 6'd2; // -5..=25
  wire [1:0] code = ($signed(h1_payload_shifted_plus_8_plus_2[5:2]) < 4'sd0) ? 2'd0 : (4'sd3 < $signed(h1_payload_shifted_plus_8_plus_2[5:2])) ? 2'd3 : h1_payload_shifted_plus_8_plus_2[3:2];
  wire signed [3:0] code_shifted_plus_minus_8 = {code, 2'd0} + 4'sh8; // -8..=4
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
  wire [6:0] h1_sum = h1_count + {6'd0, h1_write_enable}; // 0..=65
  wire signed [7:0] h1_count_next = {1'b0, h1_sum} - {7'd0, h1_reads}; // -1..=65
  assign treated_valid = h1_fifo_valid;
  always @(posedge clk) begin
    if (rst) begin
      h1_count <= 7'd0;
    end else begin
      h1_count <= h1_count_next[6:0];
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
  wire signed [5:0] points_difference; // -15..=16
  wire signed [5:0] predict_source_next; // -8..=23
  wire signed [6:0] predict_sum; // -23..=39

  // ---- inverse
  reg [2:0] level1_place_0;
  wire level1_place_0_is_7 = level1_place_0 == 3'd7;
  wire update_valid_next = l1_valid & h1_valid;
  reg update_valid;
  reg predict_valid;
  reg interleave_second;
  reg predict_mark;
  wire either = interleave_second | ~predict_mark;
  wire predict_ready = y_ready & either;
  wire update_ready = ~predict_valid | predict_ready;
  wire points_ready = ~update_valid | update_ready;
  assign l1_ready = update_valid_next & points_ready;
  assign h1_ready = l1_ready;
  wire [3:0] level1_place_0_plus_1 = {1'b0, level1_place_0} + 4'd1; // 1..=8
  wire [2:0] level1_place_0_next = level1_place_0_is_7 ? 3'd0 : level1_place_0_plus_1[2:0];
  reg signed [5:0] update_source; // -15..=16
  reg signed [4:0] update_target; // -16..=-1
  reg update_mark;
  reg update_last;
  wire update_target_enable = update_valid_next & points_ready;
  reg signed [5:0] predict_source; // -8..=23
  reg signed [5:0] predict_target; // -15..=16
  reg predict_last;
  wire predict_target_enable = update_valid & update_ready;
  wire signed [6:0] choice = interleave_second ? predict_sum : {predict_source[5], predict_source}; // -23..=39
  assign y_last = predict_last & either;
  assign y_valid = predict_valid;
  always @(posedge clk) begin
    if (rst) begin
      level1_place_0 <= 3'd0;
    end else if (l1_ready) begin
      level1_place_0 <= level1_place_0_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      update_valid <= 1'b0;
    end else if (~update_valid | update_ready) begin
      update_valid <= update_valid_next;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_source <= points_difference;
    end
  end
  always @(posedge clk) begin
    if (update_target_enable) begin
      update_target <= ~{1'b0, l1_payload};
      update_mark <= 1'b1;
      update_last <= level1_place_0_is_7;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      predict_valid <= 1'b0;
    end else if (~predict_valid | predict_ready) begin
      predict_valid <= update_valid;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_source <= predict_source_next;
    end
  end
  always @(posedge clk) begin
    if (predict_target_enable) begin
      predict_target <= update_source;
      predict_mark <= update_mark;
      predict_last <= update_last;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      interleave_second <= 1'b0;
    end else if (predict_valid & y_ready) begin
      interleave_second <= ~either;
    end
  end

  // ---- points
  assign points_difference = 6'd0 - {h1_payload[4], h1_payload};
  assign y_payload = (choice < 7'sd0) ? 4'd0 : (7'sd15 < choice) ? 4'd15 : choice[3:0];

  // ---- update
  my_wavelet_quantizer_inverted_adder #(.WIDTH(6)) predict_source_next_adder (
    .a({update_target[4], update_target}),
    .b({update_source[5], update_source[5:1]}),
    .sum(predict_source_next)
  );

  // ---- predict
  my_wavelet_quantizer_adder #(.WIDTH(7)) predict_sum_adder (
    .a({predict_target[5], predict_target}),
    .b({predict_source[5], predict_source}),
    .sum(predict_sum)
  );

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
