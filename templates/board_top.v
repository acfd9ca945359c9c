// {{ design }} on {{ board.title }}, behind a shift register, so that its {{ bits }} bits of ports fit on four pins.
//
// To pass one beat: shift {{ bits }} bits in, one at each rising edge of sck (slower than clk / 4), the most
// significant first, then raise apply once. In one clock cycle the design then sees valid and ready as shifted in,
// and what it answers in that cycle is put into the shift register, to be shifted out while the next bits come in.
// In all other cycles valid and ready are 0. This is a means to place, time and load the design, not a fast link.
//
// Bits that are shifted in:
{%- for part in inputs %}
//   {{ part.range() }} {{ part.name() }}
{%- endfor %}
// Bits that are shifted out:
{%- for part in outputs %}
//   {{ part.range() }} {{ part.name() }}
{%- endfor %}
module {{ design }}_board (
{%- if pll.is_some() %}
    input clk, // {{ board.oscillator_mhz }} MHz
{%- else %}
    input clk, // {{ clock_mhz }} MHz
{%- endif %}
    input sck,
    input serial_in,
    input apply,
    output serial_out
);
{%- if let Some(pll) = pll.as_ref() %}
    wire clock; // {{ clock_mhz }} MHz
{%- if clocked %}
    wire locked;
{%- endif %}
{%- if pll.feedback %}
    wire feedback;
{%- endif %}
{%- for (name, value) in pll.attributes %}
    (* {{ name }} = "{{ value }}" *)
{%- endfor %}
    {{ pll.cell }} #(
{%- for (name, value) in pll.parameters %}
        .{{ name }}({{ value }}){% if !loop.last %},{% endif %}
{%- endfor %}
    ) pll (
{%- for (name, net) in pll.ports %}
        .{{ name }}({{ net }}){% if !loop.last %},{% endif %}
{%- endfor %}
    );
{%- else %}
    wire clock = clk;
{%- endif %}
{%- if clocked %}

    // Reset for 255 cycles after power up: block RAM of an iCE40 cannot be read in the first few.
    reg [7:0] power_up;
    reg reset;
    initial power_up = 8'd0;
    initial reset = 1'b1;
{%- if pll.is_some() %}
    reg [1:0] locked_q;
{%- endif %}
    always @(posedge clock) begin
{%- if pll.is_some() %}
        locked_q <= {locked_q[0], locked};
        if (locked_q[1] && power_up != 8'd255)
{%- else %}
        if (power_up != 8'd255)
{%- endif %}
            power_up <= power_up + 8'd1;
        reset <= power_up != 8'd255;
    end
{%- endif %}

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
endmodule
