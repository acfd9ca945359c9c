    {{ design }}_linked linked (
        .clk(clock),
        .rst(reset),
        .rx(rx),
        .tx(tx)
{%- for name in passes %},
        .{{ name }}({{ name }})
{%- endfor %}
    );
