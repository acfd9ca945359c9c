// The usual accumulators of rows that share an activation: a case a row. ROWS and WIDTH are replaced by numbers.
module rows_case (
  input  wire clk,
  input  wire rst,
  input  wire x_valid,
  output wire x_ready,
  input  wire [2*ROWS+7:0] x_payload,
  input  wire x_last,
  output reg  y_valid,
  input  wire y_ready,
  output wire [WIDTH*ROWS-1:0] y_payload
);
  wire signed [7:0] x = x_payload[7:0];
  wire taken = y_valid & y_ready;
  assign x_ready = ~y_valid;
  always @(posedge clk)
    if (rst) y_valid <= 1'b0;
    else y_valid <= (x_valid & x_ready & x_last) | (y_valid & ~y_ready);
  genvar row;
  generate
    for (row = 0; row < ROWS; row = row + 1) begin : rows
      reg signed [WIDTH-1:0] sum;
      assign y_payload[WIDTH*row +: WIDTH] = sum;
      always @(posedge clk)
        if (rst | taken) sum <= 0;
        else if (x_valid & x_ready)
          case (x_payload[8+2*row +: 2])
            2'b01: sum <= sum + x;
            2'b11: sum <= sum - x;
            default: sum <= sum;
          endcase
    end
  endgenerate
endmodule
