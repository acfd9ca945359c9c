// ---- my_flatten.v
// Design my_flatten, text <hash>, written by ternlet <version>
// y = the integers of a map of height 4 x width 4 x 3 channels (u4, 1 channels a beat) as a vector
module my_flatten (
  input  wire x_valid,
  input  wire [3:0] x_payload, // x
  input  wire x_last,
  input  wire y_ready,
  output wire x_ready,
  output wire y_valid,
  output wire [3:0] y_payload, // y
  output wire y_last
);
  assign x_ready = y_ready;
  assign y_valid = x_valid;
  assign y_payload = x_payload;
  assign y_last = x_last;
endmodule
