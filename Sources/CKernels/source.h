// Blocks of weights as files have them (ggml's layouts): their integers in column order, and their scales.
#ifndef CK_SOURCE_H
#define CK_SOURCE_H

#include "layout.h"

// Bytes of a block of 32 columns, or of 256 where the layout has factors.
CK_INLINE size_t ck_source_bytes(const ck_type type) {
    switch (type) {
    case CK_Q8_0: return 34;
    case CK_Q4_0:
    case CK_IQ4_NL: return 18;
    case CK_Q4_1: return 20;
    case CK_Q5_0: return 22;
    case CK_Q5_1: return 24;
    case CK_MXFP4: return 17;
    case CK_Q2_K: return 84;
    case CK_Q3_K: return 110;
    case CK_Q4_K: return 144;
    case CK_Q5_K: return 176;
    case CK_Q6_K: return 210;
    case CK_IQ4_XS: return 136;
    case CK_F32:
    case CK_F16:
    case CK_BF16: break;
    }
    __builtin_unreachable();
}

// The nibbles of 16 bytes: the low ones are columns 0...15, the high ones 16...31.
CK_INLINE void ck_read_nibbles(const uint8_t *from, uint8_t *levels) {
    for (int k = 0; k < 16; k++) {
        levels[k] = from[k] & 15;
        levels[k + 16] = from[k] >> 4;
    }
}

// Sets the fifth bit of 32 levels.
CK_INLINE void ck_read_fifth_bits(const uint8_t *from, uint8_t *levels) {
    for (int k = 0; k < 32; k++) levels[k] |= (uint8_t)((from[k / 8] >> k % 8 & 1) << 4);
}

// 256 levels below 16, as the nibbles of 16 bytes for each 32 columns.
CK_INLINE void ck_pair(const uint8_t *levels, uint8_t *to) {
    for (int block = 0; block < CK_SUPER_BLOCKS; block++, levels += 32, to += 16)
        for (int k = 0; k < 16; k++) to[k] = (uint8_t)(levels[k] | levels[k + 16] << 4);
}

// The integers of a block as they are packed, from zero upwards, `layout.zero` standing for 0: a byte each, or for each
// 32 columns 16 bytes whose low nibbles are columns 0...15.
CK_INLINE void ck_source_integers(const ck_type type, const uint8_t *block, uint8_t *to) {
    uint8_t levels[CK_SUPER];
    switch (type) {
    case CK_Q8_0: memcpy(to, block + 2, 32); break; // signed: the top bits are flipped when they are stored
    case CK_Q4_0:
    case CK_IQ4_NL: memcpy(to, block + 2, 16); break;
    case CK_Q4_1: memcpy(to, block + 4, 16); break;
    case CK_MXFP4: memcpy(to, block + 1, 16); break;
    case CK_IQ4_XS: memcpy(to, block + 8, 128); break;
    case CK_Q5_0: // packed like Q8_0: 0 is 128 there and 16 here
        ck_read_nibbles(block + 6, to);
        ck_read_fifth_bits(block + 2, to);
        for (int k = 0; k < 32; k++) to[k] += 128 - 16;
        break;
    case CK_Q5_1:
        ck_read_nibbles(block + 8, to);
        ck_read_fifth_bits(block + 4, to);
        break;
    case CK_Q2_K:
        for (int half = 0; half < 2; half++)
            for (int part = 0; part < 4; part++)
                for (int k = 0; k < 32; k++)
                    levels[half * 128 + part * 32 + k] = block[16 + half * 32 + k] >> part * 2 & 3;
        ck_pair(levels, to);
        break;
    case CK_Q3_K:
        for (int half = 0; half < 2; half++)
            for (int part = 0; part < 4; part++)
                for (int k = 0; k < 32; k++)
                    levels[half * 128 + part * 32 + k] = (uint8_t)((block[32 + half * 32 + k] >> part * 2 & 3) |
                                                                   (block[k] >> (half * 4 + part) & 1) << 2);
        ck_pair(levels, to);
        break;
    case CK_Q4_K:
        for (int pair = 0; pair < 4; pair++)
            for (int k = 0; k < 32; k++) {
                levels[pair * 64 + k] = block[16 + pair * 32 + k] & 15;
                levels[pair * 64 + 32 + k] = block[16 + pair * 32 + k] >> 4;
            }
        ck_pair(levels, to);
        break;
    case CK_Q5_K:
        for (int pair = 0; pair < 4; pair++)
            for (int k = 0; k < 32; k++) {
                const int low = block[48 + pair * 32 + k], high = block[16 + k] >> pair * 2;
                to[pair * 64 + k] = (uint8_t)((low & 15) | (high & 1) << 4);
                to[pair * 64 + 32 + k] = (uint8_t)(low >> 4 | (high & 2) << 3);
            }
        break;
    case CK_Q6_K:
        for (int half = 0; half < 2; half++, to += 128)
            for (int k = 0; k < 32; k++) {
                const uint8_t *low = block + half * 64 + k;
                const int high = block[128 + half * 32 + k];
                to[k] = (uint8_t)((low[0] & 15) | (high & 3) << 4);
                to[k + 32] = (uint8_t)((low[32] & 15) | (high >> 2 & 3) << 4);
                to[k + 64] = (uint8_t)(low[0] >> 4 | (high >> 4 & 3) << 4);
                to[k + 96] = (uint8_t)(low[32] >> 4 | (high >> 6) << 4);
            }
        break;
    case CK_F32:
    case CK_F16:
    case CK_BF16: break; // plain floats are copied
    }
}

// The scales of a block as they are packed.
typedef struct {
    uint16_t scale, minimum; // halves; the scale a bfloat where it is a power of two
    int8_t factors[16], falls[16];
} ck_source_scales;

CK_INLINE void ck_read_halves(const uint8_t *from, ck_source_scales *to) {
    memcpy(&to->scale, from, 2);
    memcpy(&to->minimum, from + 2, 2);
}

CK_INLINE void ck_source_scales_of(const ck_type type, const uint8_t *block, ck_source_scales *to) {
    switch (type) {
    case CK_Q8_0:
    case CK_Q4_0:
    case CK_Q5_0:
    case CK_IQ4_NL: memcpy(&to->scale, block, 2); break;
    case CK_Q4_1:
    case CK_Q5_1: ck_read_halves(block, to); break;
    case CK_MXFP4: // 2^(byte - 128), which as a bfloat is below the normal numbers for the first two
        to->scale = (uint16_t)(block[0] < 2 ? 0x20 << block[0] : (block[0] - 1) << 7);
        break;
    case CK_Q2_K:
        ck_read_halves(block + 80, to);
        to->minimum ^= 0x8000; // subtracted there, added here
        for (int g = 0; g < 16; g++) {
            to->factors[g] = block[g] & 15;
            to->falls[g] = (int8_t)(block[g] >> 4);
        }
        break;
    case CK_Q3_K:
        memcpy(&to->scale, block + 108, 2);
        for (int g = 0; g < 16; g++) {
            const int low = block[96 + g % 8] >> g / 8 * 4 & 15, high = block[104 + g % 4] >> g / 4 * 2 & 3;
            to->factors[g] = (int8_t)((low | high << 4) - 32);
        }
        break;
    case CK_Q4_K:
    case CK_Q5_K:
        ck_read_halves(block, to);
        to->minimum ^= 0x8000;
        for (int g = 0; g < 4; g++) {
            const uint8_t *at = block + 4 + g;
            to->factors[g] = at[0] & 63;
            to->falls[g] = at[4] & 63;
            to->factors[g + 4] = (int8_t)((at[8] & 15) | at[0] >> 6 << 4);
            to->falls[g + 4] = (int8_t)(at[8] >> 4 | at[4] >> 6 << 4);
        }
        break;
    case CK_Q6_K:
        memcpy(&to->scale, block + 208, 2);
        memcpy(to->factors, block + 192, 16);
        break;
    case CK_IQ4_XS: {
        memcpy(&to->scale, block, 2);
        const int high = block[2] | block[3] << 8;
        for (int g = 0; g < 8; g++) {
            const int low = block[4 + g / 2] >> g % 2 * 4 & 15;
            to->factors[g] = (int8_t)((low | (high >> g * 2 & 3) << 4) - 32);
        }
        break;
    }
    case CK_F32:
    case CK_F16:
    case CK_BF16: break;
    }
}

#endif
