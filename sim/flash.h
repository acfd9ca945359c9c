// An SPI flash as far as a board's design reads it, in mode 0: it wakes (0xAB), reads (0x03 and 24 bits of address) and sleeps (0xB9). What is not
// written is 0xFF. It begins asleep, as an iCE40 leaves it after its configuration, and drives its pin after the clock has fallen.
class Flash {
    std::vector<uint8_t> bytes;
    uint32_t base = 0;
    bool asleep = true;
    bool clock = false;
    uint64_t heard = 0;  // the bits since it was selected
    int count = 0;
    uint32_t at = 0;
    uint8_t given = 0;

public:
    bool miso = true;

    void write(uint32_t address, const uint8_t* from, uint64_t length) {
        base = address;
        bytes.assign(from, from + length);
    }

    // What it sees at its pins now.
    void see(bool cs, bool sck, bool mosi) {
        const bool rises = sck && !clock, falls = !sck && clock;
        clock = sck;
        if (cs) {
            if (count >= 8 && command() == 0xab) asleep = false;
            if (count == 8 && command() == 0xb9) asleep = true;
            count = 0;
            heard = 0;
            miso = true;
        } else if (rises) {
            if (count < 32) heard = heard << 1 | mosi;
            ++count;
        } else if (falls && !asleep && count >= 32 && command() == 0x03) {
            if (count == 32) at = heard & 0xffffff;
            if (count % 8 == 0) given = at - base < bytes.size() ? bytes[at - base] : 0xff, ++at;
            miso = given >> 7;
            given <<= 1;
        }
    }

private:
    uint8_t command() const { return heard >> ((count < 32 ? count : 32) - 8); }
};
