// {{ design }} behind a serial line.
module {{ name }} (
    input clk,
    input rst,
    input rx,
    output tx
{%- for (direction, name) in passes %},
    {{ direction }} {{ name }}
{%- endfor %}
);
{%- for pin in pins %}
    wire {% if pin.bits > 1 %}[{{ pin.bits - 1 }}:0] {% endif %}{{ pin.name }};
{%- endfor %}
    wire core_rst;

    {{ link }} link (
        .clk(clk),
        .rst(rst),
        .rx(rx),
        .tx(tx),
        .core_rst(core_rst),
{%- for pin in pins %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    {{ core }} core (
{%- if clocked %}
        .clk(clk),
        .rst(core_rst),
{%- endif %}
{%- for (_, name) in passes %}
        .{{ name }}({{ name }}),
{%- endfor %}
{%- for pin in pins %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
endmodule
