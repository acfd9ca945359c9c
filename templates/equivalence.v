// Whether two designs with the streams of {{ top }} do the same in each cycle after a reset, as long as what comes in is
// what may come, `may_now`: `differ` is never 1.
module equivalence (
    input wire clk,
    input wire rst
{%- for port in inputs %},
    input wire {{ port.name }}_valid,
    input wire [{{ port.high }}:0] {{ port.name }}_payload,
    input wire {{ port.name }}_last
{%- endfor %}
{%- for port in outputs %},
    input wire {{ port.name }}_ready
{%- endfor %},
    output wire differ,
    output wire may_now
);
{%- for side in ["gold", "gate"] %}
{%- for port in inputs %}
    wire {{ side }}_{{ port.name }}_ready;
{%- endfor %}
{%- for port in outputs %}
    wire {{ side }}_{{ port.name }}_valid;
    wire [{{ port.high }}:0] {{ side }}_{{ port.name }}_payload;
{%- if port.framed %}
    wire {{ side }}_{{ port.name }}_last;
{%- endif %}
{%- endfor %}
    {{ side }} {{ side }} (
{%- for port in inputs %}
        .{{ port.name }}_valid({{ port.name }}_valid),
        .{{ port.name }}_ready({{ side }}_{{ port.name }}_ready),
{%- if port.width > 0 %}
        .{{ port.name }}_payload({{ port.name }}_payload),
{%- endif %}
{%- if port.framed %}
        .{{ port.name }}_last({{ port.name }}_last),
{%- endif %}
{%- endfor %}
{%- for port in outputs %}
        .{{ port.name }}_valid({{ side }}_{{ port.name }}_valid),
        .{{ port.name }}_ready({{ port.name }}_ready),
{%- if port.width > 0 %}
        .{{ port.name }}_payload({{ side }}_{{ port.name }}_payload),
{%- endif %}
{%- if port.framed %}
        .{{ port.name }}_last({{ side }}_{{ port.name }}_last),
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
        && !({{ port.name }}_valid && ({{ port.impossible }}))
        && !({{ port.name }}_waits && ({{ port.name }}_seen != { {{- port.name }}_valid, {{ port.name }}_last, {{ port.name }}_payload}))
        && !({{ port.name }}_valid && {{ port.wrong_length }})
{%- endfor %};
    always @(posedge clk) may <= may_now;
{%- for port in inputs %}
    reg {{ port.name }}_waits = 1'b0;
    reg [{{ port.high + 2 }}:0] {{ port.name }}_seen;
    reg [{{ port.beat_high }}:0] {{ port.name }}_beat = 0;
    always @(posedge clk) begin
        {{ port.name }}_waits <= {{ port.name }}_valid && !gold_{{ port.name }}_ready && !rst;
        {{ port.name }}_seen <= { {{- port.name }}_valid, {{ port.name }}_last, {{ port.name }}_payload};
        if (rst) {{ port.name }}_beat <= 0;
        else if ({{ port.name }}_valid && gold_{{ port.name }}_ready) {{ port.name }}_beat <= {{ port.name }}_last ? 0 : {{ port.name }}_beat + 1;
    end
{%- endfor %}

    assign differ = started && !rst && may_now && (1'b0
{%- for port in inputs %}
        || gold_{{ port.name }}_ready != gate_{{ port.name }}_ready
{%- endfor %}
{%- for port in outputs %}
        || gold_{{ port.name }}_valid != gate_{{ port.name }}_valid
        || gold_{{ port.name }}_valid && (
{%- if port.width > 0 %}gold_{{ port.name }}_payload != gate_{{ port.name }}_payload{% else %}1'b0{% endif %}
{%- if port.framed %} || gold_{{ port.name }}_last != gate_{{ port.name }}_last{% endif -%}
        )
{%- endfor %}
    );
endmodule
