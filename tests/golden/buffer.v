// ---- buffer.v
module buffer (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire write, // 0..=1
  input  wire [2:0] place, // 0..=7
  input  wire signed [5:0] sample, // -32..=31
  output wire signed [6:0] sum // -32..=62
);
  reg signed [5:0] samples_word; // tests/emission/golden.rs, -32..=31
  wire [2:0] squares_address = (3'd4 < place) ? 3'd4 : place; // tests/emission/golden.rs, 0..=4
  reg [4:0] square; // tests/emission/golden.rs, 0..=31
  assign sum = {samples_word[5], samples_word} + {2'd0, square}; // tests/emission/golden.rs, -32..=62
  (* no_rw_check *) reg [5:0] samples [0:7]; // tests/emission/golden.rs, -32..=31
  always @(posedge clk) begin
    if (write) begin
      samples[place] <= sample;
    end
  end
  always @(posedge clk) begin
    samples_word <= samples[place];
  end
  (* no_rw_check *) reg [4:0] squares [0:4]; // tests/emission/golden.rs, 0..=31
  initial begin
    squares[0] = 5'd0;
    squares[1] = 5'd1;
    squares[2] = 5'd4;
    squares[3] = 5'd9;
    squares[4] = 5'd16;
  end
  always @(posedge clk) begin
    if (write) begin
      square <= squares[squares_address];
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule
