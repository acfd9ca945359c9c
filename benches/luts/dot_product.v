// The usual ternary dot product: a loop of products. LANES is replaced by a number.
module dot_product (
  input  wire clk,
  input  wire rst,
  input  wire x_valid,
  output wire x_ready,
  input  wire [8*LANES-1:0] x_payload,
  input  wire w_valid,
  output wire w_ready,
  input  wire [2*LANES-1:0] w_payload,
  output reg  y_valid,
  input  wire y_ready,
  output reg  signed [WIDTH-1:0] y_payload
);
  wire go = ~y_valid | y_ready;
  assign x_ready = go & w_valid;
  assign w_ready = go & x_valid;
  reg signed [WIDTH-1:0] sum;
  integer i;
  always @* begin
    sum = 0;
    for (i = 0; i < LANES; i = i + 1)
      sum = sum + $signed(x_payload[8*i +: 8]) * $signed(w_payload[2*i +: 2]);
  end
  always @(posedge clk)
    if (rst) y_valid <= 1'b0;
    else if (go) begin
      y_valid <= x_valid & w_valid;
      y_payload <= sum;
    end
endmodule
