// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4) of bytes that come in pieces. Words are made of bytes by arithmetic, so that the order in which
// a machine stores them does not matter.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace isopixel {

class Sha256 {
  public:
    void push(const uint8_t *bytes, size_t n) {
        while (n > 0) {
            const size_t part = std::min(n, block_.size() - filled());
            std::copy_n(bytes, part, block_.begin() + static_cast<ptrdiff_t>(filled()));
            bytes += part;
            n -= part;
            length_ += part;
            if (filled() == 0) add_block();
        }
    }

    // "sha256:" and the digest in hexadecimal digits. Ends the message.
    std::string finish() {
        const uint64_t bits = 8 * length_;
        const uint8_t end = 0x80, zero = 0;
        push(&end, 1);
        while (filled() != 56) push(&zero, 1);
        for (int shift = 56; shift >= 0; shift -= 8) {
            const auto byte = static_cast<uint8_t>(bits >> shift);
            push(&byte, 1);
        }
        std::string text = "sha256:";
        for (const uint32_t word : state_)
            for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
        return text;
    }

  private:
    static constexpr uint32_t kRounds[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

    static constexpr uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

    size_t filled() const { return length_ % block_.size(); }

    void add_block() {
        uint32_t w[64];
        for (size_t t = 0; t < 16; ++t) {
            const uint8_t *p = block_.data() + 4 * t;
            w[t] = uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | p[3];
        }
        for (size_t t = 16; t < 64; ++t) {
            const uint32_t a = w[t - 15], b = w[t - 2];
            w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
                   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
        }
        auto [a, b, c, d, e, f, g, h] = state_;
        for (size_t t = 0; t < 64; ++t) {
            const uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
            const uint32_t one = h + sum1 + ((e & f) ^ (~e & g)) + kRounds[t] + w[t];
            const uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
            const uint32_t two = sum0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
        }
        const uint32_t added[] = {a, b, c, d, e, f, g, h};
        for (size_t i = 0; i < 8; ++i) state_[i] += added[i];
    }

    std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<uint8_t, 64> block_;
    uint64_t length_ = 0;  // bytes
};

}  // namespace isopixel
