module running_sum (
    input wire clk,
    input wire rst,
    input wire x_valid,
    output wire x_ready,
    input wire [31:0] x_payload,
    input wire x_last,
    output reg y_valid,
    input wire y_ready,
    output reg [95:0] y_payload,
    output reg y_last
);
    reg first;
    assign x_ready = !y_valid || y_ready;
    wire take = x_valid && x_ready;

    function [23:0] sum(input start, input [23:0] so_far, input [7:0] value);
        sum = (start ? 24'd0 : so_far) + {{16{value[7]}}, value};
    endfunction

    wire [95:0] sums = {
        sum(first, y_payload[95:72], x_payload[31:24]),
        sum(first, y_payload[71:48], x_payload[23:16]),
        sum(first, y_payload[47:24], x_payload[15:8]),
        sum(first, y_payload[23:0], x_payload[7:0])
    };

    always @(posedge clk) begin
        if (y_ready) y_valid <= 1'b0;
        if (take) begin
            y_valid <= 1'b1;
            y_payload <= sums;
            y_last <= x_last;
            first <= x_last;
        end
        if (rst) begin
            y_valid <= 1'b0;
            first <= 1'b1;
        end
    end
endmodule
