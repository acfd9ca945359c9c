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
  wire [1:0] place;
  wire [1:0] place_1;
  wire x_0_stage_go;
  wire x_1_stage_go;

  // ---- x
  reg x_valid_q2;
  reg x_0_done;
  wire x_0_served = x_0_done | x_0_stage_go;
  reg x_1_done;
  wire x_1_served = x_1_done | x_1_stage_go;
  wire x_ready_1 = x_0_served & x_1_served;
  wire x_go = ~x_valid_q2 | x_ready_1;
  reg signed [7:0] x_1_q;
  reg signed [7:0] x_0_q;
  wire signed [7:0] x_choice = place[0] ? x_1_q : x_0_q;
  reg place_shifted_q;
  reg signed [7:0] x_2_q2;
  reg signed [7:0] x_held;
  wire signed [7:0] x_choice_1 = place_shifted_q ? x_2_q2 : x_held;
  reg signed [7:0] x_3_q2;
  wire signed [7:0] x_choice_2 = place_1[0] ? x_3_q2 : x_2_q2;
  reg signed [7:0] x_1_q2;
  wire signed [7:0] x_choice_3 = place_1[1] ? x_choice_2 : x_1_q2;
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
      place_shifted_q <= place[1];
      x_2_q <= x_payload[23:16];
      x_2_q2 <= x_2_q;
      x_held <= x_choice;
      x_3_q <= x_payload[31:24];
      x_3_q2 <= x_3_q;
      x_1_q2 <= x_1_q;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      x_0_done <= 1'b0;
      x_1_done <= 1'b0;
    end else if (x_valid_q2) begin
      x_0_done <= ~x_ready_1 & x_0_served;
      x_1_done <= ~x_ready_1 & x_1_served;
    end
  end

  // ---- my_nm_compress
  wire [7:0] magnitude_0_magnitude;
  wire [7:0] magnitude_1_magnitude;
  wire [7:0] magnitude_2_magnitude;
  wire [7:0] magnitude_3_magnitude;
  wire [2:0] nm_largest_kept;
  reg kept_q;
  my_nm_compress_magnitude magnitude_0 (.x(x_payload[7:0]), .magnitude(magnitude_0_magnitude));
  my_nm_compress_magnitude magnitude_1 (.x(x_payload[15:8]), .magnitude(magnitude_1_magnitude));
  my_nm_compress_magnitude magnitude_2 (.x(x_payload[23:16]), .magnitude(magnitude_2_magnitude));
  my_nm_compress_magnitude magnitude_3 (.x(x_payload[31:24]), .magnitude(magnitude_3_magnitude));
  my_nm_compress_nm_largest nm_largest (
    .clk(clk),
    .rst(rst),
    .magnitude({magnitude_3_magnitude, magnitude_2_magnitude, magnitude_1_magnitude, magnitude_0_magnitude}),
    .x_go(x_go),
    .kept(nm_largest_kept)
  );
  always @(posedge clk) begin
    if (x_go) begin
      kept_q <= nm_largest_kept[2];
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
  assign place = {places_both_1, places_both};
  reg places_held_2;
  assign place_1 = {(places_held & kept_q) | places_either, places_held_2 | places_either};
  reg [1:0] place_q;
  always @(posedge clk) begin
    if (x_go) begin
      places_held <= places_both | (nm_largest_kept[0] & ~nm_largest_kept[1]);
      not_nm_largest_kept_2_q <= ~nm_largest_kept[2];
      places_held_1 <= places_both_1;
      places_held_2 <= nm_largest_kept[0] & nm_largest_kept[1];
      place_q <= place;
    end
  end

  // ---- x_0
  reg x_0_stage_valid;
  assign x_0_stage_go = ~x_0_stage_valid | values_ready;
  reg [7:0] x_0_stage_0;
  reg [7:0] x_0_stage_1;
  reg x_0_stage_last;
  assign values_valid = x_0_stage_valid;
  assign values_last = x_0_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      x_0_stage_valid <= 1'b0;
    end else if (x_0_stage_go) begin
      x_0_stage_valid <= x_valid_q2 & ~x_0_done;
    end
  end
  always @(posedge clk) begin
    if (x_0_stage_go) begin
      x_0_stage_0 <= x_choice_1;
      x_0_stage_1 <= x_choice_3;
      x_0_stage_last <= x_last_q2;
    end
  end

  // ---- values
  assign values_payload = {x_0_stage_1, x_0_stage_0};

  // ---- x_1
  reg x_1_stage_valid;
  assign x_1_stage_go = ~x_1_stage_valid | metadata_ready;
  reg [1:0] x_1_stage_0;
  reg [1:0] x_1_stage_1;
  reg x_1_stage_last;
  assign metadata_valid = x_1_stage_valid;
  assign metadata_last = x_1_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      x_1_stage_valid <= 1'b0;
    end else if (x_1_stage_go) begin
      x_1_stage_valid <= x_valid_q2 & ~x_1_done;
    end
  end
  always @(posedge clk) begin
    if (x_1_stage_go) begin
      x_1_stage_0 <= place_q;
      x_1_stage_1 <= place_1;
      x_1_stage_last <= x_last_q2;
    end
  end

  // ---- metadata
  assign metadata_payload = {x_1_stage_1, x_1_stage_0};
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
  wire [7:0] complement = ~magnitude_0;
  wire [7:0] complement_1 = ~magnitude_1;
  wire [7:0] complement_2 = ~magnitude_2;
  reg [7:0] magnitude_1_q;
  reg [7:0] complement_q;
  wire [8:0] magnitude_1_q_plus_complement_q = {1'b0, magnitude_1_q} + {1'b0, complement_q}; // 0..=510
  wire exceeds = magnitude_1_q_plus_complement_q[8];
  wire not_exceeds = ~exceeds;
  reg [7:0] magnitude_2_q;
  wire [8:0] magnitude_2_q_plus_complement_q = {1'b0, magnitude_2_q} + {1'b0, complement_q}; // 0..=510
  wire exceeds_1 = magnitude_2_q_plus_complement_q[8];
  wire not_exceeds_1 = ~exceeds_1;
  reg [7:0] complement_q_1;
  wire [8:0] magnitude_2_q_plus_complement_q_1 = {1'b0, magnitude_2_q} + {1'b0, complement_q_1}; // 0..=510
  wire exceeds_2 = magnitude_2_q_plus_complement_q_1[8];
  reg [7:0] magnitude_3_q;
  wire [8:0] magnitude_3_q_plus_complement_q = {1'b0, magnitude_3_q} + {1'b0, complement_q}; // 0..=510
  wire exceeds_3 = magnitude_3_q_plus_complement_q[8];
  wire [8:0] magnitude_3_q_plus_complement_q_1 = {1'b0, magnitude_3_q} + {1'b0, complement_q_1}; // 0..=510
  wire exceeds_4 = magnitude_3_q_plus_complement_q_1[8];
  reg [7:0] complement_q_2;
  wire [8:0] magnitude_3_q_plus_complement_q_2 = {1'b0, magnitude_3_q} + {1'b0, complement_q_2}; // 0..=510
  wire exceeds_5 = magnitude_3_q_plus_complement_q_2[8];
  wire kept_1 = ~count_number[1];
  wire kept_2 = ~count_number_1[1];
  wire kept_3 = ~count_number_2[1];
  assign kept = {kept_3, kept_2, kept_1};
  always @(posedge clk) begin
    if (x_go) begin
      magnitude_1_q <= magnitude_1;
      complement_q <= complement;
      magnitude_2_q <= magnitude_2;
      complement_q_1 <= complement_1;
      magnitude_3_q <= magnitude_3;
      complement_q_2 <= complement_2;
    end
  end

  // ---- count
  wire count_differ = exceeds ^ exceeds_1;
  wire count_choice = count_differ ? exceeds_3 : exceeds;
  assign count_number = {count_choice, count_differ ^ exceeds_3};
  wire count_differ_1 = not_exceeds ^ exceeds_2;
  wire count_choice_1 = count_differ_1 ? exceeds_4 : not_exceeds;
  assign count_number_1 = {count_choice_1, count_differ_1 ^ exceeds_4};
  wire count_differ_2 = not_exceeds_1 ^ ~exceeds_2;
  wire count_choice_2 = count_differ_2 ? exceeds_5 : not_exceeds_1;
  assign count_number_2 = {count_choice_2, count_differ_2 ^ exceeds_5};
  wire unused_bits = &{1'b0, rst, magnitude_1_q_plus_complement_q[7:0], magnitude_2_q_plus_complement_q[7:0], magnitude_2_q_plus_complement_q_1[7:0],
      magnitude_3_q_plus_complement_q[7:0], magnitude_3_q_plus_complement_q_1[7:0], magnitude_3_q_plus_complement_q_2[7:0],
      count_number[0], count_number_1[0], count_number_2[0]};
endmodule
