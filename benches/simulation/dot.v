// Beside running_sum.v the other end of the scale: 16 products of signed bytes a beat, in a pipeline of three stages.
module dot (
    input wire clk,
    input wire rst,
    input wire x_valid,
    output wire x_ready,
    input wire [255:0] x_payload,
    input wire x_last,
    output wire y_valid,
    input wire y_ready,
    output wire [31:0] y_payload,
    output wire y_last
);
    reg valid1, valid2, valid3, last1, last2, last3;
    reg signed [15:0] product [0:15];
    reg signed [19:0] sum;
    reg signed [31:0] accumulator, result;
    wire go = !valid3 || y_ready;
    assign x_ready = go;
    assign y_valid = valid3;
    assign y_payload = result;
    assign y_last = last3;

    integer lane;
    reg signed [19:0] total;
    always @* begin
        total = 20'sd0;
        for (lane = 0; lane < 16; lane = lane + 1) total = total + {{4{product[lane][15]}}, product[lane]};
    end

    wire signed [31:0] next = accumulator + {{12{sum[19]}}, sum};
    integer i;
    always @(posedge clk) begin
        if (go) begin
            valid1 <= x_valid;
            last1 <= x_last;
            for (i = 0; i < 16; i = i + 1)
                product[i] <= $signed(x_payload[8*i +: 8]) * $signed(x_payload[128+8*i +: 8]);
            valid2 <= valid1;
            last2 <= last1;
            sum <= total;
            valid3 <= valid2 && last2;
            last3 <= 1'b1;
            if (valid2) begin
                result <= next;
                accumulator <= last2 ? 32'sd0 : next;
            end
        end
        if (rst) begin
            valid1 <= 1'b0;
            valid2 <= 1'b0;
            valid3 <= 1'b0;
            accumulator <= 32'sd0;
        end
    end
endmodule
