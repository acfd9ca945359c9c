// The streams of {{ design }} at the pins of its board: a host that shifts beats in and answers out, for simulation.
//
// One beat of each stream waits here. A round shifts {{ bits }} bits in, raises apply, and shifts the answer out.
module {{ design }}_host (
    input wire clk,
    input wire rst
{%- for port in inputs %},
    input wire {{ port.stream.name }}_valid,
    output wire {{ port.stream.name }}_ready,
    input wire [{{ port.stream.width() - 1 }}:0] {{ port.stream.name }}_payload
{%- if port.stream.is_framed() %},
    input wire {{ port.stream.name }}_last
{%- endif %}
{%- endfor %}
{%- for port in outputs %},
    output wire {{ port.stream.name }}_valid,
    input wire {{ port.stream.name }}_ready,
    output wire [{{ port.stream.width() - 1 }}:0] {{ port.stream.name }}_payload
{%- if port.stream.is_framed() %},
    output wire {{ port.stream.name }}_last
{%- endif %}
{%- endfor %}
);
    reg sck;
    reg apply;
    reg [{{ bits - 1 }}:0] word;
    wire serial_out;
    {{ design }}_board board (
        .clk(clk),
        .sck(sck),
        .serial_in(word[{{ bits - 1 }}]),
        .apply(apply),
        .serial_out(serial_out)
    );

    // A beat waits in what is held of a stream. `sent`: this round offers it; `room`: this round asks for one.
{%- for port in inputs %}
    reg {{ port.stream.name }}_valid_held;
    reg [{{ port.stream.width() - 1 }}:0] {{ port.stream.name }}_payload_held;
{%- if port.stream.is_framed() %}
    reg {{ port.stream.name }}_last_held;
{%- endif %}
    reg {{ port.stream.name }}_sent;
    assign {{ port.stream.name }}_ready = !{{ port.stream.name }}_valid_held;
{%- endfor %}
{%- for port in outputs %}
    reg {{ port.stream.name }}_room;
    reg {{ port.stream.name }}_valid_held;
    reg [{{ port.stream.width() - 1 }}:0] {{ port.stream.name }}_payload_held;
    assign {{ port.stream.name }}_valid = {{ port.stream.name }}_valid_held;
    assign {{ port.stream.name }}_payload = {{ port.stream.name }}_payload_held;
{%- if port.stream.is_framed() %}
    reg {{ port.stream.name }}_last_held;
    assign {{ port.stream.name }}_last = {{ port.stream.name }}_last_held;
{%- endif %}
{%- endfor %}

    // The phases of a round. The first round waits until the board's reset is over.
    localparam [2:0] RESET = 0, ASK = 1, START = 2, IN = 3, APPLY = 4, OUT = 5, TAKE = 6;
    reg [2:0] phase;
    reg [9:0] wait_cycles;
    reg [1:0] quarter; // of a bit
    reg [31:0] bits_left;
    reg [{{ bits - 1 }}:0] answer;

    always @(posedge clk) begin
{%- for port in inputs %}
        if ({{ port.stream.name }}_valid && {{ port.stream.name }}_ready) begin
            {{ port.stream.name }}_valid_held <= 1'b1;
            {{ port.stream.name }}_payload_held <= {{ port.stream.name }}_payload;
{%- if port.stream.is_framed() %}
            {{ port.stream.name }}_last_held <= {{ port.stream.name }}_last;
{%- endif %}
        end
{%- endfor %}
{%- for port in outputs %}
        if ({{ port.stream.name }}_valid && {{ port.stream.name }}_ready)
            {{ port.stream.name }}_valid_held <= 1'b0;
{%- endfor %}
        case (phase)
            RESET: begin
                wait_cycles <= wait_cycles - 10'd1;
                if (wait_cycles == 10'd0) phase <= ASK;
            end
            ASK: begin
{%- for port in outputs %}
                {{ port.stream.name }}_room <= !{{ port.stream.name }}_valid_held;
{%- endfor %}
                phase <= START;
            end
            START: begin
{%- for port in inputs %}
                {{ port.stream.name }}_sent <= {{ port.stream.name }}_valid_held;
{%- endfor %}
{%- if bits == input_bits %}
                word <= { {{- word -}} };
{%- else %}
                word <= { {{- bits - input_bits }}'d0, {{ word -}} };
{%- endif %}
                bits_left <= {{ bits }};
                quarter <= 2'd0;
                phase <= IN;
            end
            IN, OUT: begin
                quarter <= quarter + 2'd1;
                sck <= quarter == 2'd0 || quarter == 2'd1;
                if (quarter == 2'd0) answer <= {answer[{{ bits - 2 }}:0], serial_out};
                if (quarter == 2'd3) begin
                    word <= word << 1;
                    bits_left <= bits_left - 1;
                    if (bits_left == 1) begin
                        wait_cycles <= 10'd15;
                        phase <= phase == IN ? APPLY : TAKE;
                    end
                end
            end
            APPLY: begin
                apply <= wait_cycles > 10'd7 && wait_cycles < 10'd12;
                wait_cycles <= wait_cycles - 10'd1;
                if (wait_cycles == 10'd0) begin
                    bits_left <= {{ bits }};
                    phase <= OUT;
                end
            end
            default: begin
{%- for port in inputs %}
                if ({{ port.stream.name }}_sent && {{ port.answer }})
                    {{ port.stream.name }}_valid_held <= 1'b0;
{%- endfor %}
{%- for port in outputs %}
                if ({{ port.stream.name }}_room && {{ port.answer }}) begin
                    {{ port.stream.name }}_valid_held <= 1'b1;
                    {{ port.stream.name }}_payload_held <= {{ port.payload }};
{%- if port.stream.is_framed() %}
                    {{ port.stream.name }}_last_held <= {{ port.last }};
{%- endif %}
                end
{%- endfor %}
                phase <= ASK;
            end
        endcase
        if (rst) begin
            phase <= RESET;
            wait_cycles <= 10'd1023;
            sck <= 1'b0;
            apply <= 1'b0;
{%- for port in inputs %}
            {{ port.stream.name }}_valid_held <= 1'b0;
{%- endfor %}
{%- for port in outputs %}
            {{ port.stream.name }}_valid_held <= 1'b0;
{%- endfor %}
        end
    end
endmodule
