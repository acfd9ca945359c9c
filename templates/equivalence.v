// Whether two designs with the streams of {{ top }} do the same in each cycle after a reset, as long as what comes in is
// what may come, `may_now`: `differ` is never 1. No name of a design begins with an underscore.
module _equivalence (
    input wire clk,
    input wire rst
{%- for port in inputs %},
    input wire {{ port.stream.name }}_valid,
    input wire [{{ port.high }}:0] {{ port.stream.name }}_payload,
    input wire {{ port.stream.name }}_last
{%- endfor %}
{%- for port in outputs %},
    input wire {{ port.stream.name }}_ready
{%- endfor %},
    output wire differ,
    output wire may_now
);
{%- for side in ["gold", "gate"] %}
{%- for port in inputs %}
    wire _{{ side }}_{{ port.stream.name }}_ready;
{%- endfor %}
{%- for port in outputs %}
    wire _{{ side }}_{{ port.stream.name }}_valid;
    wire [{{ port.high }}:0] _{{ side }}_{{ port.stream.name }}_payload;
{%- if port.stream.is_framed() %}
    wire _{{ side }}_{{ port.stream.name }}_last;
{%- endif %}
{%- endfor %}
    _{{ side }} {{ side }} (
{%- for port in inputs %}
        .{{ port.stream.name }}_valid({{ port.stream.name }}_valid),
        .{{ port.stream.name }}_ready(_{{ side }}_{{ port.stream.name }}_ready),
{%- if port.stream.width() > 0 %}
        .{{ port.stream.name }}_payload({{ port.stream.name }}_payload),
{%- endif %}
{%- if port.stream.is_framed() %}
        .{{ port.stream.name }}_last({{ port.stream.name }}_last),
{%- endif %}
{%- endfor %}
{%- for port in outputs %}
        .{{ port.stream.name }}_valid(_{{ side }}_{{ port.stream.name }}_valid),
        .{{ port.stream.name }}_ready({{ port.stream.name }}_ready),
{%- if port.stream.width() > 0 %}
        .{{ port.stream.name }}_payload(_{{ side }}_{{ port.stream.name }}_payload),
{%- endif %}
{%- if port.stream.is_framed() %}
        .{{ port.stream.name }}_last(_{{ side }}_{{ port.stream.name }}_last),
{%- endif %}
{%- endfor %}
        .clk(clk),
        .rst(rst)
    );
{%- endfor %}

    reg started = 1'b0;
    always @(posedge clk) started <= started | rst;

    // What may come, in the cycle of a reset too: values in their ranges, a beat that stays until it is accepted, frames of
    // their length.
    reg may = 1'b1;
    assign may_now = may
{%- for port in inputs %}
        && !({{ port.stream.name }}_valid && ({{ port.impossible }}))
        && !({{ port.stream.name }}_waits && ({{ port.stream.name }}_seen != { {{- port.stream.name }}_valid, {{ port.stream.name }}_last, {{ port.stream.name }}_payload}))
        && !({{ port.stream.name }}_valid && {{ port.wrong_length }})
{%- endfor %};
    always @(posedge clk) may <= may_now;
{%- for port in inputs %}
    reg {{ port.stream.name }}_waits = 1'b0;
    reg [{{ port.high + 2 }}:0] {{ port.stream.name }}_seen;
    reg [{{ port.beat_high }}:0] {{ port.stream.name }}_beat = 0;
    always @(posedge clk) begin
        {{ port.stream.name }}_waits <= {{ port.stream.name }}_valid && !_gold_{{ port.stream.name }}_ready && !rst;
        {{ port.stream.name }}_seen <= { {{- port.stream.name }}_valid, {{ port.stream.name }}_last, {{ port.stream.name }}_payload};
        if (rst) {{ port.stream.name }}_beat <= 0;
        else if ({{ port.stream.name }}_valid && _gold_{{ port.stream.name }}_ready) {{ port.stream.name }}_beat <= {{ port.stream.name }}_last ? 0 : {{ port.stream.name }}_beat + 1;
    end
{%- endfor %}

    assign differ = started && !rst && may_now && (1'b0
{%- for port in inputs %}
        || _gold_{{ port.stream.name }}_ready != _gate_{{ port.stream.name }}_ready
{%- endfor %}
{%- for port in outputs %}
        || _gold_{{ port.stream.name }}_valid != _gate_{{ port.stream.name }}_valid
        || _gold_{{ port.stream.name }}_valid && (
{%- if port.stream.width() > 0 %}_gold_{{ port.stream.name }}_payload != _gate_{{ port.stream.name }}_payload{% else %}1'b0{% endif %}
{%- if port.stream.is_framed() %} || _gold_{{ port.stream.name }}_last != _gate_{{ port.stream.name }}_last{% endif -%}
        )
{%- endfor %}
    );
endmodule
