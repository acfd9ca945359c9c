// ---- my_slb_select.v
// Design my_slb_select, text <hash>, written by ternlet <version>
// for each of 16 weights, 1 a beat, the place of its largest score (s8, the first of equals) and the integer of [-3, -1, 1, 3] at that place
module my_slb_select (
  input  wire clk,
  input  wire rst, // synchronous
  input  wire scores_valid,
  input  wire [31:0] scores_payload, // [8*i +: 8] score i, i = 0..3, signed
  input  wire scores_last,
  input  wire index_ready,
  input  wire weight_ready,
  output wire scores_ready,
  output wire index_valid,
  output wire [1:0] index_payload, // index
  output wire index_last,
  output wire weight_valid,
  output wire [2:0] weight_payload, // weight, signed
  output wire weight_last
);

  // ---- driven further down
  wire scores_weight_stage_go;
  wire scores_index_stage_go;

  // ---- scores
  reg scores_index_done;
  wire scores_index_served = scores_index_done | scores_index_stage_go;
  reg scores_weight_done;
  wire scores_weight_served = scores_weight_done | scores_weight_stage_go;
  assign scores_ready = scores_index_served & scores_weight_served;
  wire right_of_0_to_1 = $signed(scores_payload[7:0]) < $signed(scores_payload[15:8]);
  wire signed [7:0] largest_0_to_1 = right_of_0_to_1 ? scores_payload[15:8] : scores_payload[7:0];
  wire index_0_to_1 = right_of_0_to_1;
  wire right_of_2_to_3 = $signed(scores_payload[23:16]) < $signed(scores_payload[31:24]);
  wire signed [7:0] largest_2_to_3 = right_of_2_to_3 ? scores_payload[31:24] : scores_payload[23:16];
  wire [1:0] index_2_to_3 = right_of_2_to_3 ? 2'd3 : 2'd2; // 2..=3
  wire right_of_0_to_3 = largest_0_to_1 < largest_2_to_3;
  wire [1:0] index_0_to_3 = right_of_0_to_3 ? index_2_to_3 : {1'b0, index_0_to_1};
  always @(posedge clk) begin
    if (rst) begin
      scores_index_done <= 1'b0;
      scores_weight_done <= 1'b0;
    end else if (scores_valid) begin
      scores_index_done <= ~scores_ready & scores_index_served;
      scores_weight_done <= ~scores_ready & scores_weight_served;
    end
  end

  // ---- scores_weight
  reg scores_weight_stage_valid;
  assign scores_weight_stage_go = ~scores_weight_stage_valid | weight_ready;
  wire signed [2:0] index_0_to_3_0_choice = index_0_to_3[0] ? -3'sd1 : -3'sd3; // -3..=-1
  wire [1:0] index_0_to_3_0_choice_1 = index_0_to_3[0] ? 2'd3 : 2'd1; // 1..=3
  wire signed [2:0] weight = index_0_to_3[1] ? {1'b0, index_0_to_3_0_choice_1} : index_0_to_3_0_choice; // -3..=3
  reg [2:0] scores_weight_stage;
  reg scores_weight_stage_last;
  assign weight_valid = scores_weight_stage_valid;
  assign weight_payload = scores_weight_stage;
  assign weight_last = scores_weight_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      scores_weight_stage_valid <= 1'b0;
    end else if (scores_weight_stage_go) begin
      scores_weight_stage_valid <= scores_valid & ~scores_weight_done;
    end
  end
  always @(posedge clk) begin
    if (scores_weight_stage_go) begin
      scores_weight_stage <= weight;
      scores_weight_stage_last <= scores_last;
    end
  end

  // ---- scores_index
  reg scores_index_stage_valid;
  assign scores_index_stage_go = ~scores_index_stage_valid | index_ready;
  reg [1:0] scores_index_stage;
  reg scores_index_stage_last;
  assign index_valid = scores_index_stage_valid;
  assign index_payload = scores_index_stage;
  assign index_last = scores_index_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      scores_index_stage_valid <= 1'b0;
    end else if (scores_index_stage_go) begin
      scores_index_stage_valid <= scores_valid & ~scores_index_done;
    end
  end
  always @(posedge clk) begin
    if (scores_index_stage_go) begin
      scores_index_stage <= index_0_to_3;
      scores_index_stage_last <= scores_last;
    end
  end

  // ---- frames, as the senders promise them
`ifndef SYNTHESIS
  reg [3:0] scores_beat; // of the 16 of a frame
  always @(posedge clk) begin
    if (rst) begin
      scores_beat <= 4'd0;
    end else if (scores_valid && scores_ready) begin
      if (scores_last != (scores_beat == 4'd15)) begin
        $display("%m: scores_last is %0d in beat %0d of 0 to 15 of a frame", scores_last, scores_beat);
        $finish;
      end
      scores_beat <= scores_last ? 4'd0 : (scores_beat + 4'd1);
    end
  end
`endif
endmodule
