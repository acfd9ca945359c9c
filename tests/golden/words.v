// ---- words.v
// Design words, text <hash>, written by ternlet <version>
// Lanes of a word, each with its sign flipped where it is below the limit
module words (
  input  wire [13:0] word,
  input  wire signed [3:0] limit, // -3..=4
  output wire [14:0] packed_1,
  output wire [6:0] inverted,
  output wire signed [9:0] scaled
);
  wire signed [4:0] constant_minus_word_3_0 = 5'd0 - {word[3], word[3:0]}; // -7..=8
  wire signed [4:0] lane = ($signed(word[3:0]) < limit) ? constant_minus_word_3_0 : {word[3], word[3:0]}; // -8..=8
  wire signed [4:0] constant_minus_word_7_4 = 5'd0 - {word[7], word[7:4]}; // -7..=8
  wire signed [4:0] lane_1 = ($signed(word[7:4]) < limit) ? constant_minus_word_7_4 : {word[7], word[7:4]}; // -8..=8
  wire signed [4:0] constant_minus_word_12_9 = 5'd0 - {word[12], word[12:9]}; // -7..=8
  wire signed [4:0] lane_2 = ($signed(word[12:9]) < limit) ? constant_minus_word_12_9 : {word[12], word[12:9]}; // -8..=8
  assign packed_1 = {lane_2, lane_1, lane};
  assign inverted = ~(packed_1[7:1] & 7'h2a);
  assign scaled = {{3{limit[3]}}, limit[3:1], 4'd0};
  wire unused_bits = &{1'b0, word[8], word[13]};
endmodule
