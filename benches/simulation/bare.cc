// The least loop that runs a model: one beat offered and one accepted in every cycle, nothing checked or kept.
#include <cstdio>
#include <cstdlib>
#include <ctime>

int main(int, char** arguments) {
    const long cycles = std::atol(arguments[1]);
    VerilatedContext context;
    Vmodel model{&context, ""};
    uint32_t payload[64];
    for (uint32_t& word : payload) word = static_cast<uint32_t>(std::rand());
    model.x_valid = model.y_ready = 1;
    const std::clock_t start = std::clock();
    for (long cycle = 0; cycle < cycles; ++cycle) {
        model.rst = cycle < 2;
        payload[cycle & 63] += 0x9e3779b9u;
        std::memcpy(&model.x_payload, payload, sizeof model.x_payload);
        model.x_last = cycle % 16 == 0;
        model.clk = 0;
        model.eval();
        model.clk = 1;
        model.eval();
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%f\n", static_cast<double>(cycles) / seconds);
}
