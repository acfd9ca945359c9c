// The usual sum of four products and what was summed before, which leaves multipliers and adders to synthesis. BITS is replaced
// by a number.
module row_product (
  input  wire clk,
  input  wire rst,
  input  wire x_valid,
  output wire x_ready,
  input  wire [31:0] x_payload,
  input  wire w_valid,
  output wire w_ready,
  input  wire [5*BITS+9:0] w_payload,
  output reg  y_valid,
  input  wire y_ready,
  output reg  signed [BITS+9:0] y_payload
);
  wire go = ~y_valid | y_ready;
  assign x_ready = go & w_valid;
  assign w_ready = go & x_valid;
  reg signed [BITS+9:0] sum;
  integer i;
  always @* begin
    sum = w_payload[4*BITS +: BITS + 10];
    for (i = 0; i < 4; i = i + 1)
      sum = sum + $signed(x_payload[8*i +: 8]) * $signed(w_payload[BITS*i +: BITS]);
  end
  always @(posedge clk)
    if (rst) y_valid <= 1'b0;
    else if (go) begin
      y_valid <= x_valid & w_valid;
      y_payload <= sum;
    end
endmodule
