// ---- my_nm_compress.v
// Design my_nm_compress, text <hash>, written by ternlet <version>
// the 2:4 largest magnitudes of 16 values (s8, 4 a beat) and their places; of equals the lower place
module my_nm_compress (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [31:0] x_payload, // [8*i +: 8] x i, i = 0..3, signed
  input  wire x_last,
  input  wire values_ready,
  input  wire metadata_ready,
  output wire x_ready,
  output wire values_valid,
  output wire [15:0] values_payload, // [8*i +: 8] values i, i = 0..1, signed
  output wire values_last,
  output wire metadata_valid,
  output wire [3:0] metadata_payload, // [2*i +: 2] metadata i, i = 0..1
  output wire metadata_last
);

  // ---- driven further down
  wire [1:0] kept_place_0;
  wire [1:0] kept_place_1;
  wire x_values_stage_go;
  wire x_metadata_stage_go;

  // ---- x
  reg x_valid_q2;
  reg x_values_done;
  wire x_values_served = x_values_done | x_values_stage_go;
  reg x_metadata_done;
  wire x_metadata_served = x_metadata_done | x_metadata_stage_go;
  wire x_ready_1 = x_values_served & x_metadata_served;
  wire x_go = ~x_valid_q2 | x_ready_1;
  reg signed [7:0] x_1_q;
  reg signed [7:0] x_0_q;
  wire signed [7:0] kept_place_0_0_choice = kept_place_0[0] ? x_1_q : x_0_q;
  reg kept_place_0_shifted_q;
  reg signed [7:0] x_2_q2;
  reg signed [7:0] kept_place_0_0_choice_q;
  wire signed [7:0] kept_value_0 = kept_place_0_shifted_q ? x_2_q2 : kept_place_0_0_choice_q;
  reg signed [7:0] x_3_q2;
  wire signed [7:0] kept_place_1_0_choice = kept_place_1[0] ? x_3_q2 : x_2_q2;
  reg signed [7:0] x_1_q2;
  wire signed [7:0] kept_value_1 = kept_place_1[1] ? kept_place_1_0_choice : x_1_q2;
  reg x_valid_q1;
  reg x_last_q1;
  reg x_last_q2;
  reg signed [7:0] x_2_q;
  reg signed [7:0] x_3_q;
  assign x_ready = x_go;
  always @(posedge clk) begin
    if (rst) begin
      x_valid_q1 <= 1'b0;
      x_valid_q2 <= 1'b0;
    end else if (x_go) begin
      x_valid_q1 <= x_valid;
      x_valid_q2 <= x_valid_q1;
    end
  end
  always @(posedge clk) begin
    if (x_go) begin
      x_last_q1 <= x_last;
      x_last_q2 <= x_last_q1;
      x_1_q <= x_payload[15:8];
      x_0_q <= x_payload[7:0];
      kept_place_0_shifted_q <= kept_place_0[1];
      x_2_q <= x_payload[23:16];
      x_2_q2 <= x_2_q;
      kept_place_0_0_choice_q <= kept_place_0_0_choice;
      x_3_q <= x_payload[31:24];
      x_3_q2 <= x_3_q;
      x_1_q2 <= x_1_q;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      x_values_done <= 1'b0;
      x_metadata_done <= 1'b0;
    end else if (x_valid_q2) begin
      x_values_done <= ~x_ready_1 & x_values_served;
      x_metadata_done <= ~x_ready_1 & x_metadata_served;
    end
  end

  // ---- my_nm_compress
  wire [7:0] magnitude_0_magnitude;
  wire [7:0] magnitude_1_magnitude;
  wire [7:0] magnitude_2_magnitude;
  wire [7:0] magnitude_3_magnitude;
  wire [2:0] nm_largest_kept;
  reg kept_2_q;
  my_nm_compress_magnitude magnitude_0 (.x(x_payload[7:0]), .magnitude(magnitude_0_magnitude));
  my_nm_compress_magnitude magnitude_1 (.x(x_payload[15:8]), .magnitude(magnitude_1_magnitude));
  my_nm_compress_magnitude magnitude_2 (.x(x_payload[23:16]), .magnitude(magnitude_2_magnitude));
  my_nm_compress_magnitude magnitude_3 (.x(x_payload[31:24]), .magnitude(magnitude_3_magnitude));
  my_nm_compress_nm_largest nm_largest (
    .clk(clk), .rst(rst),
    .magnitude({magnitude_3_magnitude, magnitude_2_magnitude, magnitude_1_magnitude, magnitude_0_magnitude}),
    .x_go(x_go), .kept(nm_largest_kept)
  );
  always @(posedge clk) begin
    if (x_go) begin
      kept_2_q <= nm_largest_kept[2];
    end
  end

  // ---- x: places
  wire not_nm_largest_kept_0 = ~nm_largest_kept[0];
  wire places_both = not_nm_largest_kept_0 & nm_largest_kept[1];
  wire places_both_1 = not_nm_largest_kept_0 & ~nm_largest_kept[1];
  reg places_held;
  reg not_nm_largest_kept_2_q;
  reg places_held_1;
  wire places_either = places_held_1 | (places_held & not_nm_largest_kept_2_q);
  assign kept_place_0 = {places_both_1, places_both};
  reg places_held_2;
  assign kept_place_1 = {(places_held & kept_2_q) | places_either, places_held_2 | places_either};
  reg [1:0] kept_place_0_q;
  always @(posedge clk) begin
    if (x_go) begin
      places_held <= places_both | (nm_largest_kept[0] & ~nm_largest_kept[1]);
      not_nm_largest_kept_2_q <= ~nm_largest_kept[2];
      places_held_1 <= places_both_1;
      places_held_2 <= nm_largest_kept[0] & nm_largest_kept[1];
      kept_place_0_q <= kept_place_0;
    end
  end

  // ---- x_values
  reg x_values_stage_valid;
  assign x_values_stage_go = ~x_values_stage_valid | values_ready;
  reg [7:0] x_values_stage_0;
  reg [7:0] x_values_stage_1;
  reg x_values_stage_last;
  assign values_valid = x_values_stage_valid;
  assign values_last = x_values_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      x_values_stage_valid <= 1'b0;
    end else if (x_values_stage_go) begin
      x_values_stage_valid <= x_valid_q2 & ~x_values_done;
    end
  end
  always @(posedge clk) begin
    if (x_values_stage_go) begin
      x_values_stage_0 <= kept_value_0;
      x_values_stage_1 <= kept_value_1;
      x_values_stage_last <= x_last_q2;
    end
  end

  // ---- values
  assign values_payload = {x_values_stage_1, x_values_stage_0};

  // ---- x_metadata
  reg x_metadata_stage_valid;
  assign x_metadata_stage_go = ~x_metadata_stage_valid | metadata_ready;
  reg [1:0] x_metadata_stage_0;
  reg [1:0] x_metadata_stage_1;
  reg x_metadata_stage_last;
  assign metadata_valid = x_metadata_stage_valid;
  assign metadata_last = x_metadata_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      x_metadata_stage_valid <= 1'b0;
    end else if (x_metadata_stage_go) begin
      x_metadata_stage_valid <= x_valid_q2 & ~x_metadata_done;
    end
  end
  always @(posedge clk) begin
    if (x_metadata_stage_go) begin
      x_metadata_stage_0 <= kept_place_0_q;
      x_metadata_stage_1 <= kept_place_1;
      x_metadata_stage_last <= x_last_q2;
    end
  end

  // ---- metadata
  assign metadata_payload = {x_metadata_stage_1, x_metadata_stage_0};

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [1:0] x_beat; // of the 4 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 2'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 2'd3)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 3 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 2'd0 : (x_beat + 2'd1);
    end
  end
`endif
endmodule

// ---- my_nm_compress_magnitude.v
// Design my_nm_compress, text <hash>, written by ternlet <version>
// magnitude = |x|
module my_nm_compress_magnitude (
  input  wire signed [7:0] x,
  output wire [7:0] magnitude
);
  wire any_up_to_1 = x[0] | x[1];
  wire any_up_to_2 = any_up_to_1 | x[2];
  wire any_up_to_3 = any_up_to_2 | x[3];
  wire any_up_to_4 = any_up_to_3 | x[4];
  wire any_up_to_5 = any_up_to_4 | x[5];
  assign magnitude = {x[7] ^ (x[7] & (any_up_to_5 | x[6])), x[6] ^ (x[7] & any_up_to_5), x[5] ^ (x[7] & any_up_to_4),
      x[4] ^ (x[7] & any_up_to_3), x[3] ^ (x[7] & any_up_to_2), x[2] ^ (x[7] & any_up_to_1), x[1] ^ (x[7] & x[0]),
      x[0]};
endmodule

// ---- my_nm_compress_nm_largest.v
// Design my_nm_compress, text <hash>, written by ternlet <version>
// kept: the 2 largest of 4 magnitudes, of equals the lower place
module my_nm_compress_nm_largest (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire [31:0] magnitude, // [8*i +: 8] magnitude i, i = 0..3
  input  wire x_go,
  output wire [2:0] kept // [i] kept i, i = 0..2
);

  // ---- driven further down
  wire [1:0] count_number;
  wire [1:0] count_number_1;
  wire [1:0] count_number_2;

  // ---- nm_largest
  wire [7:0] magnitude_0 = magnitude[7:0];
  wire [7:0] magnitude_1 = magnitude[15:8];
  wire [7:0] magnitude_2 = magnitude[23:16];
  wire [7:0] magnitude_3 = magnitude[31:24];
  wire [7:0] complement_0 = ~magnitude_0;
  wire [7:0] complement_1 = ~magnitude_1;
  wire [7:0] complement_2 = ~magnitude_2;
  reg [7:0] magnitude_1_q;
  reg [7:0] complement_0_q;
  wire [8:0] magnitudes_1_against_0 = {1'b0, magnitude_1_q} + {1'b0, complement_0_q}; // 0..=510
  wire magnitude_1_above_0 = magnitudes_1_against_0[8];
  wire not_magnitude_1_above_0 = ~magnitude_1_above_0;
  reg [7:0] magnitude_2_q;
  wire [8:0] magnitudes_2_against_0 = {1'b0, magnitude_2_q} + {1'b0, complement_0_q}; // 0..=510
  wire magnitude_2_above_0 = magnitudes_2_against_0[8];
  wire not_magnitude_2_above_0 = ~magnitude_2_above_0;
  reg [7:0] complement_1_q;
  wire [8:0] magnitudes_2_against_1 = {1'b0, magnitude_2_q} + {1'b0, complement_1_q}; // 0..=510
  wire magnitude_2_above_1 = magnitudes_2_against_1[8];
  reg [7:0] magnitude_3_q;
  wire [8:0] magnitudes_3_against_0 = {1'b0, magnitude_3_q} + {1'b0, complement_0_q}; // 0..=510
  wire magnitude_3_above_0 = magnitudes_3_against_0[8];
  wire [8:0] magnitudes_3_against_1 = {1'b0, magnitude_3_q} + {1'b0, complement_1_q}; // 0..=510
  wire magnitude_3_above_1 = magnitudes_3_against_1[8];
  reg [7:0] complement_2_q;
  wire [8:0] magnitudes_3_against_2 = {1'b0, magnitude_3_q} + {1'b0, complement_2_q}; // 0..=510
  wire magnitude_3_above_2 = magnitudes_3_against_2[8];
  wire kept_0 = ~count_number[1];
  wire kept_1 = ~count_number_1[1];
  wire kept_2 = ~count_number_2[1];
  assign kept = {kept_2, kept_1, kept_0};
  always @(posedge clk) begin
    if (x_go) begin
      magnitude_1_q <= magnitude_1;
      complement_0_q <= complement_0;
      magnitude_2_q <= magnitude_2;
      complement_1_q <= complement_1;
      magnitude_3_q <= magnitude_3;
      complement_2_q <= complement_2;
    end
  end

  // ---- count
  wire half_0_0 = magnitude_1_above_0 ^ magnitude_2_above_0;
  wire carry_0_0 = half_0_0 ? magnitude_3_above_0 : magnitude_1_above_0;
  assign count_number = {carry_0_0, half_0_0 ^ magnitude_3_above_0};
  wire half_0_0_1 = not_magnitude_1_above_0 ^ magnitude_2_above_1;
  wire carry_0_0_1 = half_0_0_1 ? magnitude_3_above_1 : not_magnitude_1_above_0;
  assign count_number_1 = {carry_0_0_1, half_0_0_1 ^ magnitude_3_above_1};
  wire half_0_0_2 = not_magnitude_2_above_0 ^ ~magnitude_2_above_1;
  wire carry_0_0_2 = half_0_0_2 ? magnitude_3_above_2 : not_magnitude_2_above_0;
  assign count_number_2 = {carry_0_0_2, half_0_0_2 ^ magnitude_3_above_2};
  wire unused_bits = &{1'b0, rst, magnitudes_1_against_0[7:0], magnitudes_2_against_0[7:0], magnitudes_2_against_1[7:0],
      magnitudes_3_against_0[7:0], magnitudes_3_against_1[7:0], magnitudes_3_against_2[7:0], count_number[0], count_number_1[0],
      count_number_2[0]};
endmodule
