// ---- buffer.v
// Design buffer, text <hash>, written by ternlet <version>
module buffer (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire write,
  input  wire [2:0] place,
  input  wire signed [5:0] sample,
  output wire signed [6:0] sum // -32..=62
);
  reg signed [5:0] samples_word;
  wire [2:0] place_clamped = (3'd4 < place) ? 3'd4 : place; // 0..=4
  reg [4:0] square;
  assign sum = {samples_word[5], samples_word} + {2'd0, square}; // -32..=62
  (* no_rw_check *) reg [5:0] samples [0:7];
  always @(posedge clk) begin
    if (write) begin
      samples[place] <= sample;
    end
  end
  always @(posedge clk) begin
    samples_word <= samples[place];
  end
  (* no_rw_check *) reg [4:0] squares [0:4];
  initial begin
    squares[0] = 5'd0; squares[1] = 5'd1; squares[2] = 5'd4; squares[3] = 5'd9; squares[4] = 5'd16;
  end
  always @(posedge clk) begin
    if (write) begin
      square <= squares[place_clamped];
    end
  end
  wire unused_bits = &{1'b0, rst};
endmodule
