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
  wire scores_1_stage_go;
  wire scores_0_stage_go;

  // ---- scores
  reg scores_0_done;
  wire scores_0_served = scores_0_done | scores_0_stage_go;
  reg scores_1_done;
  wire scores_1_served = scores_1_done | scores_1_stage_go;
  assign scores_ready = scores_0_served & scores_1_served;
  wire scores_less = $signed(scores_payload[7:0]) < $signed(scores_payload[15:8]);
  wire signed [7:0] scores_choice = scores_less ? scores_payload[15:8] : scores_payload[7:0];
  wire scores_less_1 = $signed(scores_payload[23:16]) < $signed(scores_payload[31:24]);
  wire signed [7:0] scores_choice_1 = scores_less_1 ? scores_payload[31:24] : scores_payload[23:16];
  wire [1:0] scores_choice_2 = scores_less_1 ? 2'd3 : 2'd2; // 2..=3
  wire [1:0] scores_choice_3 = (scores_choice < scores_choice_1) ? scores_choice_2 : {1'b0, scores_less};
  always @(posedge clk) begin
    if (rst) begin
      scores_0_done <= 1'b0;
      scores_1_done <= 1'b0;
    end else if (scores_valid) begin
      scores_0_done <= ~scores_ready & scores_0_served;
      scores_1_done <= ~scores_ready & scores_1_served;
    end
  end

  // ---- scores_1
  reg scores_1_stage_valid;
  assign scores_1_stage_go = ~scores_1_stage_valid | weight_ready;
  wire signed [2:0] scores_1_choice = scores_choice_3[0] ? -3'sd1 : -3'sd3; // -3..=-1
  wire [1:0] scores_1_choice_1 = scores_choice_3[0] ? 2'd3 : 2'd1; // 1..=3
  wire signed [2:0] scores_1_choice_2 = scores_choice_3[1] ? {1'b0, scores_1_choice_1} : scores_1_choice; // -3..=3
  reg [2:0] scores_1_stage;
  reg scores_1_stage_last;
  assign weight_valid = scores_1_stage_valid;
  assign weight_payload = scores_1_stage;
  assign weight_last = scores_1_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      scores_1_stage_valid <= 1'b0;
    end else if (scores_1_stage_go) begin
      scores_1_stage_valid <= scores_valid & ~scores_1_done;
    end
  end
  always @(posedge clk) begin
    if (scores_1_stage_go) begin
      scores_1_stage <= scores_1_choice_2;
      scores_1_stage_last <= scores_last;
    end
  end

  // ---- scores_0
  reg scores_0_stage_valid;
  assign scores_0_stage_go = ~scores_0_stage_valid | index_ready;
  reg [1:0] scores_0_stage;
  reg scores_0_stage_last;
  assign index_valid = scores_0_stage_valid;
  assign index_payload = scores_0_stage;
  assign index_last = scores_0_stage_last;
  always @(posedge clk) begin
    if (rst) begin
      scores_0_stage_valid <= 1'b0;
    end else if (scores_0_stage_go) begin
      scores_0_stage_valid <= scores_valid & ~scores_0_done;
    end
  end
  always @(posedge clk) begin
    if (scores_0_stage_go) begin
      scores_0_stage <= scores_choice_3;
      scores_0_stage_last <= scores_last;
    end
  end
endmodule
