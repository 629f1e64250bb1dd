// Half-precision numbers by integer arithmetic, bit for bit what F16C does.
#ifndef CK_HALF_H
#define CK_HALF_H

#include <stdint.h>
#include <string.h>

static inline float ck_float_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline uint32_t ck_bits_from_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float ck_float_from_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, mantissa = half & 1023;
    if (exponent == 31) // infinity, or a NaN made quiet
        return ck_float_from_bits(sign | 0x7f800000 | mantissa << 13 | (mantissa ? 0x400000 : 0));
    if (exponent != 0) return ck_float_from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
    float value = (float)mantissa * 0x1p-24f; // subnormal: exact
    return sign ? -value : value;
}

static inline uint16_t ck_half_from_float(float value) {
    uint32_t bits = ck_bits_from_float(value), sign = bits >> 16 & 0x8000;
    bits &= 0x7fffffff;
    if (bits > 0x7f800000) return (uint16_t)(sign | 0x7e00 | (bits >> 13 & 0x3ff));
    if (bits >= 0x477ff000) return (uint16_t)(sign | 0x7c00); // rounds to more than 65504
    if (bits < 0x38800000) { // below the smallest normal half: adding 0.5 aligns the last bit with 2^-24
        float aligned = ck_float_from_bits(bits) + 0.5f;
        return (uint16_t)(sign | (ck_bits_from_float(aligned) - 0x3f000000));
    }
    uint32_t odd = bits >> 13 & 1;
    return (uint16_t)(sign | ((bits - 0x38000000 + 0xfff + odd) >> 13));
}

#endif
