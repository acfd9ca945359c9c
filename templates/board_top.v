{{ head }}
module {{ design }}_board (
    input clk, // {% if pll.is_some() %}{{ board.oscillator_mhz }}{% else %}{{ clock_mhz }}{% endif %} MHz
{%- for (direction, name) in pins %}
    {{ direction }} {{ name }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
{%- if let Some(pll) = pll.as_ref() %}
    wire clock; // {{ clock_mhz }} MHz
{%- if resets %}
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
{%- if let Some(cell) = flash_clock %}

    // The clock of the flash leaves by no pin.
    wire flash_sck;
    {{ cell.name }} flash_clock (
        .{{ cell.clock }}(flash_sck),
        .{{ cell.released }}(1'b0)
    );
{%- endif %}
{%- if resets %}

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

{{ body }}
endmodule
