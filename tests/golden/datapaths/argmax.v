// ---- my_argmax.v
// Design my_argmax, text <hash>, written by ternlet <version>
// index = that of the largest of 10 integers (s16, 1 a beat), the first of equals
module my_argmax (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [15:0] x_payload, // x, signed
  input  wire x_last,
  input  wire index_ready,
  output wire x_ready,
  output wire index_valid,
  output wire [3:0] index_payload // index, 0..=9
);

  // ---- driven further down
  wire x_ready_1;

  // ---- x
  reg x_stage_valid;
  wire x_stage_go = ~x_stage_valid | x_ready_1;
  reg [3:0] x_frame_place; // 0..=9
  wire x_frame_place_is_9 = x_frame_place == 4'd9;
  wire [3:0] x_frame_place_plus_1 = x_frame_place + 4'd1; // 1..=10
  wire [3:0] x_frame_place_next = x_frame_place_is_9 ? 4'd0 : x_frame_place_plus_1; // 0..=9
  reg signed [15:0] x_stage;
  reg x_stage_last;
  assign x_ready = x_stage_go;
  always @(posedge clk) begin
    if (rst) begin
      x_frame_place <= 4'd0;
    end else if (x_valid & x_stage_go) begin
      x_frame_place <= x_frame_place_next;
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      x_stage_valid <= 1'b0;
    end else if (x_stage_go) begin
      x_stage_valid <= x_valid;
    end
  end
  always @(posedge clk) begin
    if (x_stage_go) begin
      x_stage <= x_payload;
      x_stage_last <= x_frame_place_is_9;
    end
  end

  // ---- largest
  reg largest_valid;
  assign x_ready_1 = ~largest_valid | index_ready;
  reg largest_start;
  reg signed [15:0] largest_value;
  reg [3:0] largest_index; // 0..=9
  reg [3:0] largest_next; // 0..=9
  wire largest_start_enable = x_stage_valid & x_ready_1;
  wire larger = largest_start | (largest_value < x_stage);
  wire [3:0] place = largest_start ? 4'd0 : largest_next; // 0..=9
  wire signed [15:0] largest_value_next = larger ? x_stage : largest_value;
  wire [3:0] largest_index_next = larger ? place : largest_index; // 0..=9
  wire place_is_9 = place == 4'd9;
  wire [3:0] place_plus_1 = place + 4'd1; // 1..=10
  wire [3:0] largest_next_next = place_is_9 ? 4'd0 : place_plus_1; // 0..=9
  assign index_valid = largest_valid;
  assign index_payload = largest_index;
  always @(posedge clk) begin
    if (rst) begin
      largest_valid <= 1'b0;
    end else begin
      largest_valid <= (largest_start_enable & x_stage_last) | (largest_valid & ~index_ready);
    end
  end
  always @(posedge clk) begin
    if (rst) begin
      largest_start <= 1'b1;
    end else if (largest_start_enable) begin
      largest_start <= x_stage_last;
    end
  end
  always @(posedge clk) begin
    if (largest_start_enable) begin
      largest_value <= largest_value_next;
      largest_index <= largest_index_next;
      largest_next <= largest_next_next;
    end
  end

  // ---- assumptions
`ifndef SYNTHESIS
  always @(posedge clk) begin
    if ((~rst && ~x_frame_place_is_9) && (4'd9 < x_frame_place_plus_1)) begin
      $display("%m: x_frame_place_plus_1 is assumed to be 1..=9 (src/datapath/argmax/mod.rs), not %0d", x_frame_place_plus_1);
      $finish;
    end
    if ((~rst && ~place_is_9) && (4'd9 < place_plus_1)) begin
      $display("%m: place_plus_1 is assumed to be 1..=9 (src/datapath/argmax/mod.rs), not %0d", place_plus_1);
      $finish;
    end
  end
`endif

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [3:0] x_beat; // of the 10 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 4'd0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 4'd9)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 9 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 4'd0 : (x_beat + 4'd1);
    end
  end
`endif
endmodule
