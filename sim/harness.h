// The test bench of every design: sources and sinks that obey valid and ready, stalls, and the loop over the cycles.
// Each model's own part, the list of its streams, is generated (templates/harness.cpp).
//
// A cycle: the inputs change, clk falls, everything settles, the handshakes are read, clk rises.
#pragma once
#include "hooks.h"

#include "verilated.h"
#include "verilated_vcd_c.h"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <memory>
#include <string>

namespace ternlet {

// ---- What Rust hands over and gets back: the same structures, field by field, as in src/verify/abi.rs.

struct Input {
    const uint32_t* words;  // the payloads of all beats, each in whole words
    const uint8_t* last;    // one a beat
    uint64_t beats;
    uint64_t* cycles;       // out: the cycle in which each beat was accepted
    uint64_t accepted;      // out
};

struct Output {
    uint32_t* words;        // out, as of Input
    uint8_t* last;          // out
    uint64_t* cycles;       // out
    uint64_t capacity;      // beats that the arrays hold
    uint64_t expected;      // beats after which the stream is complete
    uint64_t accepted;      // out
};

enum Stalls : uint32_t { never, random, held };

enum Ending : uint32_t {
    complete,  // every beat arrived, then nothing for `idle` cycles
    quiet,     // no transfer for `stall_limit` cycles, and beats are missing
    limited,   // `limit` cycles have passed
    surplus,   // an output gives more than it can hold
    dropped,   // valid fell before its beat was accepted
    changed,   // payload or last changed before the beat was accepted
    stopped,   // the design spoke: $display, $finish, $stop, or a fatal error of the simulator
};

struct Run {
    uint64_t seed;
    Stalls stalls;
    uint32_t held_stream;  // with `held`: inputs first, then outputs
    uint64_t reset_at;     // a reset after so many cycles, then all from the start; 0: none
    uint64_t limit;
    uint64_t stall_limit;
    uint64_t idle;
    uint32_t select;       // what the model's select input holds, if it has one
    const char* waves;     // the file, or null
    uint64_t waves_from;   // the first cycle in it
    Input* inputs;
    Output* outputs;
    uint64_t cycles;         // out: cycles since the last reset
    uint64_t all_cycles;     // out: also those before it
    uint64_t last_transfer;  // out: its cycle
    uint64_t nanoseconds;    // out: what the loop took of a processor, whatever else it did meanwhile
    Ending ending;           // out
    uint32_t culprit;        // out: the stream that broke the protocol
    char text[2048];         // out: what the design said
};

// ---- What the design says.

inline thread_local std::string* said = nullptr;

struct Fatal : std::exception {};

// ---- Chance: the same on every machine.

class Random {
    uint64_t state;

public:
    // Mixes the bits of the seed, so that neighbours have nothing in common (splitmix64).
    explicit Random(uint64_t seed) : state(seed + 0x9e3779b97f4a7c15u) {
        state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
        state = (state ^ (state >> 27)) * 0x94d049bb133111ebu;
        state = (state ^ (state >> 31)) | 1;
    }
    // xorshift64*
    uint32_t next() {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return static_cast<uint32_t>((state * 0x2545f4914f6cdd1du) >> 32);
    }
};

// Whether a stream is held back in a cycle. `random`: in stretches, many short and some long, each with a probability of
// its own. `held`: the
// chosen stream stands for long, first of all, then flows for a while; the others flow.
class Stall {
    Random chance;
    const bool chosen;
    uint32_t left = 0;
    uint32_t probability = 0;  // of 256

public:
    Stall(const Run& run, uint32_t stream)
        : chance(run.seed * 64 + stream), chosen(run.stalls == held && run.held_stream == stream) {}

    template <Stalls mode>
    bool holds() {
        if (mode == never || (mode == held && !chosen)) return false;
        if (left == 0) {
            const uint32_t draw = chance.next();
            if (mode == random) {
                static constexpr uint32_t probabilities[8] = {0, 0, 16, 64, 128, 192, 240, 256};
                probability = probabilities[draw & 7];
                left = 1 + (((draw >> 3) & 127) >> ((draw >> 10) & 7));
            } else {
                probability = probability ? 0 : 256;
                left = (probability ? 400 : 50) + ((draw >> 3) & 255);
            }
        }
        --left;
        return (chance.next() & 255) < probability;
    }
    uint32_t pick() { return chance.next(); }
};

// ---- The clock and reset pins of a model; a design of wires alone has none.

template <class Model>
auto set_clock(Model& model, bool level, int) -> decltype(void(model.clk)) { model.clk = level; }
template <class Model>
void set_clock(Model&, bool, ...) {}
template <class Model>
auto set_reset(Model& model, bool level, int) -> decltype(void(model.rst)) { model.rst = level; }
template <class Model>
void set_reset(Model&, bool, ...) {}

// ---- Payloads between words and the pins of a model, whose type follows from the width.

inline void store(CData& pin, const uint32_t* words) { pin = static_cast<CData>(words[0]); }
inline void store(SData& pin, const uint32_t* words) { pin = static_cast<SData>(words[0]); }
inline void store(IData& pin, const uint32_t* words) { pin = words[0]; }
inline void store(QData& pin, const uint32_t* words) { pin = words[0] | static_cast<QData>(words[1]) << 32; }
template <std::size_t count>
void store(VlWide<count>& pin, const uint32_t* words) { std::memcpy(pin.data(), words, 4 * count); }

inline void load(uint32_t* words, CData pin) { words[0] = pin; }
inline void load(uint32_t* words, SData pin) { words[0] = pin; }
inline void load(uint32_t* words, IData pin) { words[0] = pin; }
inline void load(uint32_t* words, QData pin) {
    words[0] = static_cast<uint32_t>(pin);
    words[1] = static_cast<uint32_t>(pin >> 32);
}
template <std::size_t count>
void load(uint32_t* words, const VlWide<count>& pin) { std::memcpy(words, pin.data(), 4 * count); }

// ---- The two ends of a stream.

// Offers the beats of an input; one that is offered stays until it is accepted. Besides that, the payload shows
// beats that are not offered, which nothing may take.
template <unsigned bits>
class Source {
    static constexpr std::size_t words = bits ? (bits + 31) / 32 : 1;
    Input& input;
    Stall stall;
    bool offered = false;

public:
    Source(Run& run, uint32_t stream, Input& input) : input(input), stall(run, stream) { restart(); }

    void restart() {
        input.accepted = 0;
        offered = false;
    }

    template <Stalls mode, typename Payload>
    void drive(CData& valid, Payload& payload, CData& last) {
        if (offered) return;
        const bool more = input.accepted < input.beats;
        offered = more && !stall.holds<mode>();
        valid = offered;
        if (offered) {
            show(input.accepted, payload, last);
        } else if (mode != never && input.beats) {
            show(stall.pick() % input.beats, payload, last);
        }
    }

    // What is offered while the design is reset is not taken.
    template <Stalls mode, typename Payload>
    void reset(CData& valid, Payload& payload, CData& last) {
        restart();
        valid = mode != never && input.beats && (stall.pick() & 1);
        if (valid) show(stall.pick() % input.beats, payload, last);
    }

    bool settle(bool ready, uint64_t cycle) {
        if (!(offered && ready)) return false;
        input.cycles[input.accepted++] = cycle;
        offered = false;
        return true;
    }

private:
    template <typename Payload>
    void show(uint64_t beat, Payload& payload, CData& last) {
        store(payload, input.words + beat * words);
        last = input.last[beat];
    }
};

// Accepts and writes down the beats of an output, and holds it to the protocol.
template <unsigned bits>
class Sink {
    static constexpr std::size_t words = bits ? (bits + 31) / 32 : 1;
    Output& output;
    Stall stall;
    bool ready = false;
    bool waits = false;
    uint32_t waiting[words];
    CData waiting_last = 0;

public:
    Sink(Run& run, uint32_t stream, Output& output) : output(output), stall(run, stream) { restart(); }

    void restart() {
        output.accepted = 0;
        waits = false;
    }

    template <Stalls mode>
    void reset(CData& pin) {
        restart();
        pin = mode != never && (stall.pick() & 1);
    }

    bool is_complete() const { return output.accepted >= output.expected; }

    template <Stalls mode>
    void drive(CData& pin) { pin = ready = !stall.holds<mode>(); }

    template <typename Payload>
    bool settle(bool valid, const Payload& payload, CData last, uint64_t cycle, Ending& ending) {
        if (waits) {
            uint32_t now[words];
            load(now, payload);
            const bool is_changed = last != waiting_last || std::memcmp(now, waiting, sizeof now);
            if (!valid || is_changed) {
                ending = valid ? changed : dropped;
                return false;
            }
        }
        waits = valid && !ready;
        if (waits) {
            load(waiting, payload);
            waiting_last = last;
        }
        if (!(valid && ready)) return false;
        if (output.accepted == output.capacity) {
            ending = surplus;
            return false;
        }
        load(output.words + output.accepted * words, payload);
        output.last[output.accepted] = last;
        output.cycles[output.accepted++] = cycle;
        return true;
    }
};

// ---- The loop.

template <typename Model, typename Streams>
class Bench {
    Run& run;
    VerilatedContext context;
    std::unique_ptr<Model> model;
    Streams streams;
    std::unique_ptr<VerilatedVcdC> waves;

public:
    // Registers and memories start with numbers drawn from the seed.
    explicit Bench(Run& run) : run(run), streams(run) {
        context.randReset(2);
        context.randSeed(static_cast<int>(Random(run.seed).next() >> 1) | 1);
        if constexpr (Model::traceCapable) context.traceEverOn(run.waves != nullptr);
        model = std::make_unique<Model>(&context, "");
        if constexpr (Model::traceCapable) {
            if (run.waves) {
                waves = std::make_unique<VerilatedVcdC>();
                model->trace(waves.get(), 99);
                waves->open(run.waves);
            }
        }
    }

    template <Stalls mode>
    void play() {
        reset<mode>();
        if (run.reset_at) {
            advance<mode>(run.reset_at);
            run.all_cycles += run.cycles;
            reset<mode>();
        }
        run.ending = advance<mode>(run.limit);
        run.all_cycles += run.cycles;
        if constexpr (Model::traceCapable) {
            if (waves) waves->close();
        }
    }

private:
    // One cycle of `rst`, in which the design is not heard: what needs more has a register that no reset clears. With stalls,
    // beats are offered that it may not take.
    template <Stalls mode>
    void reset() {
        streams.select(*model, run.select);
        set_reset(*model, 1, 0);
        streams.template reset<mode>(*model);
        set_clock(*model, 0, 0);
        model->eval();
        set_clock(*model, 1, 0);
        model->eval();
        set_reset(*model, 0, 0);
        run.cycles = run.last_transfer = 0;
        context.gotFinish(false);
        said->clear();
    }

    template <Stalls mode>
    Ending advance(uint64_t limit) {
        Ending ending = complete;
        bool done = streams.is_complete();
        uint64_t still = 0;
        for (; run.cycles < limit; ++run.cycles) {
            streams.template drive<mode>(*model);
            set_clock(*model, 0, 0);
            model->eval();
            dump(2 * run.cycles);
            const bool moved = streams.settle(*model, run, ending);
            set_clock(*model, 1, 0);
            model->eval();
            dump(2 * run.cycles + 1);
            if (context.gotFinish()) ending = stopped;
            if (ending != complete) return ending;
            if (moved) {
                run.last_transfer = run.cycles;
                done = streams.is_complete();
                still = 0;
            } else if (++still >= (done ? run.idle : run.stall_limit)) {
                return done ? complete : quiet;
            }
        }
        return limited;
    }

    void dump(uint64_t time) {
        if constexpr (Model::traceCapable) {
            if (waves && run.cycles >= run.waves_from) waves->dump(time);
        }
    }
};

// What this thread has had of a processor.
inline uint64_t processor_nanoseconds() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

// Runs a new model from its reset to its end.
template <typename Model, typename Streams>
void simulate(Run& run) {
    std::string text;
    said = &text;
    run.all_cycles = 0;
    uint64_t start = processor_nanoseconds();
    try {
        Bench<Model, Streams> bench(run);
        start = processor_nanoseconds();
        switch (run.stalls) {
            case never: bench.template play<never>(); break;
            case random: bench.template play<random>(); break;
            case held: bench.template play<held>(); break;
        }
    } catch (const Fatal&) {
        run.ending = stopped;
    }
    run.nanoseconds = processor_nanoseconds() - start;
    said = nullptr;
    std::snprintf(run.text, sizeof run.text, "%s", text.c_str());
}

}  // namespace ternlet

// ---- The runtime's calls.

inline void ternlet_stop() { Verilated::threadContextp()->gotFinish(true); }

extern "C" int ternlet_print(const char* format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (ternlet::said) *ternlet::said += line;
    ternlet_stop();
    return length;
}

void vl_finish(const char*, int, const char*) { ternlet_stop(); }

void vl_stop(const char* file, int line, const char*) {
    ternlet_print("$stop at %s:%d\n", file, line);
}

// The runtime can't go on after this; the run is left by an exception.
void vl_fatal(const char* file, int line, const char*, const char* message) {
    ternlet_print("%s (%s:%d)\n", message, file, line);
    throw ternlet::Fatal();
}
