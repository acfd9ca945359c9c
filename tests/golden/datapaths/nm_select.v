// ---- my_nm_select.v
// Design my_nm_select, text <hash>, written by ternlet <version>
// y = the kept ones of 16 activations (s8, 8 a beat), 2:4, at the places of the metadata
module my_nm_select (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire x_valid,
  input  wire [63:0] x_payload, // [8*i +: 8] x i, i = 0..7, signed
  input  wire x_last,
  input  wire metadata_valid,
  input  wire [7:0] metadata_payload, // [2*i +: 2] metadata i, i = 0..3
  input  wire metadata_last,
  input  wire y_ready,
  output wire x_ready,
  output wire metadata_ready,
  output wire y_valid,
  output wire [31:0] y_payload, // [8*i +: 8] y i, i = 0..3, signed
  output wire y_last
);

  // ---- x_metadata
  reg x_metadata_stage_valid;
  wire x_metadata_stage_go = ~x_metadata_stage_valid | y_ready;
  assign x_ready = x_metadata_stage_go & metadata_valid;
  assign metadata_ready = x_metadata_stage_go & x_valid;
  wire x_metadata_valid = x_valid & metadata_valid;
  wire signed [7:0] metadata_payload_1_0_0_choice = metadata_payload[0] ? x_payload[15:8] : x_payload[7:0];
  wire signed [7:0] kept_0 = metadata_payload[1] ? x_payload[23:16] : metadata_payload_1_0_0_choice;
  wire signed [7:0] metadata_payload_3_2_0_choice = metadata_payload[2] ? x_payload[31:24] : x_payload[23:16];
  wire signed [7:0] kept_1 = metadata_payload[3] ? metadata_payload_3_2_0_choice : x_payload[15:8];
  wire signed [7:0] metadata_payload_5_4_0_choice = metadata_payload[4] ? x_payload[47:40] : x_payload[39:32];
  wire signed [7:0] kept_2 = metadata_payload[5] ? x_payload[55:48] : metadata_payload_5_4_0_choice;
  wire signed [7:0] metadata_payload_7_6_0_choice = metadata_payload[6] ? x_payload[63:56] : x_payload[55:48];
  wire signed [7:0] kept_3 = metadata_payload[7] ? metadata_payload_7_6_0_choice : x_payload[47:40];
  reg [7:0] x_metadata_stage_0;
  reg [7:0] x_metadata_stage_1;
  reg [7:0] x_metadata_stage_2;
  reg [7:0] x_metadata_stage_3;
  reg x_metadata_stage_last;
  assign y_valid = x_metadata_stage_valid;
  assign y_last = x_metadata_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      x_metadata_stage_valid <= 1'b0;
    end else if (x_metadata_stage_go) begin
      x_metadata_stage_valid <= x_metadata_valid;
    end
  end
  always @(posedge clk) begin
    if (x_metadata_stage_go) begin
      x_metadata_stage_0 <= kept_0;
      x_metadata_stage_1 <= kept_1;
      x_metadata_stage_2 <= kept_2;
      x_metadata_stage_3 <= kept_3;
      x_metadata_stage_last <= x_last;
    end
  end

  // ---- y
  assign y_payload = {x_metadata_stage_3, x_metadata_stage_2, x_metadata_stage_1, x_metadata_stage_0};

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg metadata_beat; // of the 2 of a frame
  always @(posedge clk) begin
    if (rst) begin
      metadata_beat <= 1'b0;
    end else if (metadata_valid && metadata_ready) begin
      if (metadata_last != (metadata_beat == 1'b1)) begin
        $display("%m: metadata_last is %0d in beat %0d of 0 to 1 of a frame", metadata_last, metadata_beat);
        $finish;
      end
      metadata_beat <= metadata_last ? 1'b0 : (metadata_beat + 1'b1);
    end
  end
  reg x_beat; // of the 2 of a frame
  always @(posedge clk) begin
    if (rst) begin
      x_beat <= 1'b0;
    end else if (x_valid && x_ready) begin
      if (x_last != (x_beat == 1'b1)) begin
        $display("%m: x_last is %0d in beat %0d of 0 to 1 of a frame", x_last, x_beat);
        $finish;
      end
      x_beat <= x_last ? 1'b0 : (x_beat + 1'b1);
    end
  end
`endif
endmodule
