// Between two pins and the streams of {{ design }}: {{ line }} at the pins, {{ streams }} at the streams. A session's begin resets the streams and, by
// core_rst, the design.
module {{ name }} (
    input clk,
    input rst,
    input rx,
    output tx,
    output core_rst,
{%- for pin in pins %}
    {% if pin.enters %}output{% else %}input{% endif %} {% if pin.bits > 1 %}[{{ pin.bits - 1 }}:0] {% endif %}{{ pin.name }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
{%- for (wire, bits) in wires %}
    wire {% if *bits > 1 %}[{{ bits - 1 }}:0] {% endif %}{{ wire }};
{%- endfor %}
    wire streams_rst;
    assign core_rst = rst | streams_rst;

    {{ line }} at_pins (
        .clk(clk),
        .rst(rst),
        .rx(rx),
        .tx(tx),
        .streams_rst(streams_rst),
{%- for (wire, _) in wires %}
        .{{ wire }}({{ wire }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    {{ streams }} at_streams (
        .clk(clk),
        .rst(core_rst),
{%- for (wire, _) in wires %}
        .{{ wire }}({{ wire }}),
{%- endfor %}
{%- for pin in pins %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
endmodule
