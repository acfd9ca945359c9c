// Module {{ top }} as a board on a desk: a clock, and a serial line at its pins rx and tx. All of the model is one translation unit.
{%- for source in sources %}
#include "{{ source }}"
{%- endfor %}

{%- if flash.is_some() %}
#include <vector>
{%- endif %}

namespace {
{%- if let Some(flash) = flash %}

{{ flash }}
{%- endif %}

// Bytes on a line, as an adapter sends and hears them, in times of its own.
class Twin {
    VerilatedContext context;
    std::unique_ptr<Vmodel> model;
    std::string text;
    const double bit;  // clock cycles
    uint64_t cycle = 0;
    // The bits that are sent, the start bit lowest, and when the next one begins.
    uint32_t sent = 1;
    double next_sent = 0;
    // What is heard: the bits that are left, and when the next one is looked at.
    uint32_t heard = 0;
    int left = -1;
    double next_heard = 0;
{%- if flash.is_some() %}
    Flash chip;
{%- endif %}

public:
    Twin(double bit, uint64_t seed) : bit(bit) {
        context.randReset(2);
        context.randSeed(static_cast<int>(ternlet::Random(seed).next() >> 1) | 1);
        model = std::make_unique<Vmodel>(&context, "");
        model->rx = 1;
{%- if resets %}
        model->rst = 1;
        step();
        model->rst = 0;
{%- endif %}
    }

    // So many cycles. What stays of the bytes to be sent was not begun.
    uint64_t run(uint64_t cycles, const uint8_t* send, uint64_t sends, uint64_t* taken, uint8_t* hear, uint64_t room) {
        ternlet::said = &text;
        uint64_t hears = *taken = 0;
        for (const uint64_t end = cycle + cycles; cycle < end && hears < room && !context.gotFinish(); ++cycle) {
            if (cycle >= next_sent) {
                if (sent == 1 && *taken < sends) sent = 0x600u | static_cast<uint32_t>(send[(*taken)++]) << 1;
                if (sent != 1) {
                    model->rx = sent & 1;
                    sent >>= 1;
                    next_sent = (next_sent + bit > cycle ? next_sent : cycle) + bit;
                }
            }
            step();
            const bool level = model->tx;
            if (left < 0) {
                if (!level) {
                    left = 9;
                    next_heard = cycle + 1.5 * bit;
                }
            } else if (cycle >= next_heard) {
                next_heard += bit;
                if (--left > 0) {
                    heard = heard >> 1 | level << 7;
                } else {
                    // A line that stays down is no byte.
                    if (level) hear[hears++] = heard;
                    left = -1;
                }
            }
        }
        ternlet::said = nullptr;
        return hears;
    }

{%- if flash.is_some() %}

    void flash(uint32_t address, const uint8_t* bytes, uint64_t length) { chip.write(address, bytes, length); }
{%- endif %}

    const char* spoke() const { return text.c_str(); }

private:
    void step() {
        model->clk = 0;
        model->eval();
{%- if flash.is_some() %}
        model->flash_miso = chip.miso;
{%- endif %}
        model->clk = 1;
        model->eval();
{%- if flash.is_some() %}
        chip.see(model->flash_cs, model->flash_sck, model->flash_mosi);
{%- endif %}
    }
};

}  // namespace

#define SHOWN extern "C" __attribute__((visibility("default")))

SHOWN Twin* ternlet_twin_new(double bit, uint64_t seed) { return new Twin(bit, seed); }
SHOWN void ternlet_twin_free(Twin* twin) { delete twin; }
SHOWN const char* ternlet_twin_spoke(const Twin* twin) { return twin->spoke(); }
{%- if flash.is_some() %}
SHOWN void ternlet_twin_flash(Twin* twin, uint32_t address, const uint8_t* bytes, uint64_t length) {
    twin->flash(address, bytes, length);
}
{%- endif %}
SHOWN uint64_t ternlet_twin_run(Twin* twin, uint64_t cycles, const uint8_t* send, uint64_t sends, uint64_t* taken, uint8_t* hear, uint64_t room) {
    return twin->run(cycles, send, sends, taken, hear, room);
}
