    reg [2:0] sck_q;
    reg [2:0] apply_q;
    reg [1:0] serial_in_q;
    wire shift = sck_q[1] && !sck_q[2];
    reg go;   // the one cycle in which the design sees valid and ready
    reg load; // the cycle after it
    reg [{{ bits - 1 }}:0] scan;
    reg [{{ output_bits - 1 }}:0] answer;
    wire [{{ output_bits - 1 }}:0] answer_next;
    assign serial_out = scan[{{ bits - 1 }}];

    always @(posedge clock) begin
        sck_q <= {sck_q[1:0], sck};
        apply_q <= {apply_q[1:0], apply};
        serial_in_q <= {serial_in_q[0], serial_in};
        go <= apply_q[1] && !apply_q[2];
        load <= go;
        if (go)
            answer <= answer_next;
        if (load)
{%- if bits == output_bits %}
            scan <= answer;
{%- else %}
            scan <= { {{- bits - output_bits }}'d0, answer};
{%- endif %}
        else if (shift)
            scan <= {scan[{{ bits - 2 }}:0], serial_in_q[1]};
    end

    {{ design }} core (
{%- if clocked %}
        .clk(clock),
        .rst(reset),
{%- endif %}
{%- for part in inputs %}
        .{{ part.name() }}(scan{{ part.select() }}{% if part.is_gated() %} && go{% endif %}),
{%- endfor %}
{%- for part in outputs %}
        .{{ part.name() }}(answer_next{{ part.select() }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
