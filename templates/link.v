// {{ design }} behind a serial line: {{ line }} at the pins, {{ streams }} at the streams of the design. A session's begin resets what is behind the line.
module {{ name }} (
    input clk,
    input rst,
    input rx,
    output tx
);
{%- for (wire, bits) in wires %}
    wire [{{ bits - 1 }}:0] {{ wire }};
{%- endfor %}
    wire streams_rst;
    wire core_rst = rst | streams_rst;

    {{ line }} at_pins (
        .clk(clk),
        .rst(rst),
        .rx(rx),
        .tx(tx),
        .streams_rst(streams_rst),
{%- for (wire, _) in between %}
        .{{ wire }}({{ wire }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    {{ streams }} at_streams (
        .clk(clk),
        .rst(core_rst),
{%- for (wire, _) in wires %}
        .{{ wire }}({{ wire }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    {{ design }} core (
{%- if clocked %}
        .clk(clk),
        .rst(core_rst),
{%- endif %}
{%- for (wire, _) in pins %}
        .{{ wire }}({{ wire }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
endmodule
