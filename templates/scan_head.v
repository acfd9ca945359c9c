// {{ design }} on {{ board }}, behind a shift register, so that its {{ bits }} bits of ports fit on four pins.
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
