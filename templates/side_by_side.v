// Whether two designs with the streams of {{ top }} do the same in each cycle after a first one of reset, whatever comes in: `differ`
// is never 1. No name of a design begins with an underscore.
module _equivalence (
    input wire clk,
    input wire rst
{%- for pin in inputs %},
    input wire [{{ pin.bits - 1 }}:0] {{ pin.name }}
{%- endfor %}
{%- for output in outputs %},
    output wire {{ DIFFERS }}{{ output.pin.name }}
{%- endfor %},
    output wire differ,
    output wire may_now
);
    reg _started = 1'b0;
    always @(posedge clk) _started <= 1'b1;
    wire _reset = rst | ~_started;
{% for side in ["gold", "gate"] %}
{%- for output in outputs %}
    wire [{{ output.pin.bits - 1 }}:0] _{{ side }}_{{ output.pin.name }};
{%- endfor %}
    _{{ side }} {{ side }} (
{%- for pin in inputs %}
        .{{ pin.name }}({{ pin.name }}){% if !loop.last || !outputs.is_empty() || clocked %},{% endif %}
{%- endfor %}
{%- for output in outputs %}
        .{{ output.pin.name }}(_{{ side }}_{{ output.pin.name }}){% if !loop.last || clocked %},{% endif %}
{%- endfor %}
{%- if clocked %}
        .clk(clk),
        .rst(_reset)
{%- endif %}
    );
{% endfor %}
    // A payload means something where it is valid.
{%- for output in outputs %}
    assign {{ DIFFERS }}{{ output.pin.name }} = !_reset{% if let Some(valid) = output.valid %} && _gold_{{ valid }}{% endif %}
        && _gold_{{ output.pin.name }} != _gate_{{ output.pin.name }};
{%- endfor %}
    assign differ = 1'b0
{%- for output in outputs %}
        || {{ DIFFERS }}{{ output.pin.name }}
{%- endfor %};
    assign may_now = 1'b1;
endmodule
