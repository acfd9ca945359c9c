// {{ design }} with streams that come from the board's flash: {{ reader }} reads it.
module {{ name }} (
    input clk,
    input rst,
{%- for (direction, name) in passes %}
    {{ direction }} {{ name }},
{%- endfor %}
{%- for pin in pins %}
    {% if pin.enters %}input{% else %}output{% endif %} {% if pin.bits > 1 %}[{{ pin.bits - 1 }}:0] {% endif %}{{ pin.name }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
{%- for pin in fed %}
    wire {% if pin.bits > 1 %}[{{ pin.bits - 1 }}:0] {% endif %}{{ pin.name }};
{%- endfor %}

    {{ reader }} reader (
        .clk(clk),
        .rst(rst),
        .cs(flash_cs),
        .sck(flash_sck),
        .mosi(flash_mosi),
        .miso(flash_miso),
{%- for pin in fed %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );

    {{ design }} core (
        .clk(clk),
        .rst(rst),
{%- for pin in fed %}
        .{{ pin.name }}({{ pin.name }}),
{%- endfor %}
{%- for pin in pins %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
endmodule
