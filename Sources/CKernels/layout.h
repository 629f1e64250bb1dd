// How the quantised types are packed: what a stored integer stands for, and what the scales are.
//
// Two families hold all of them without changing a weight. In `values` they have eight or four bits. In `scales` a type
// has one of two forms. Either, for each tile and block of 32 columns, 16 scales (then 16 minima) of two bytes each.
// Or, for each tile and super-block of 256 columns, 16 scales (and 16 scales of minima) as halves; then for each of its
// blocks of 32 columns the factors of the groups of 32 or 16 columns in it as signed bytes: 16 for the scale of each
// group, then 16 for the minimum of each.
//
// A scale and its factor are multiplied where they are used: 11 and 8 bits fit a float exactly, but not a half, and
// rounding them would make another weight of it.
#ifndef CK_LAYOUT_H
#define CK_LAYOUT_H

#include "ckernels.h"
#include "half.h"

#define CK_INLINE static inline __attribute__((always_inline))
// Before a loop whose variables must be registers: the compiler keeps arrays of an unrolled loop out of memory.
#define CK_UNROLL _Pragma("clang loop unroll(full)")

// Columns that share the halves of a super-block, and blocks in them.
enum { CK_SUPER = 256, CK_SUPER_BLOCKS = CK_SUPER / CK_BLOCK };

// Fields that are not named are zero: eight bits, whole scales, no minimum.
typedef struct {
    bool nibbles;         // four bits
    const uint8_t *table; // where a nibble is an index: what it stands for
    int zero;             // the stored number (looked up, if there is a table) that stands for 0
    bool factors;         // super-blocks with byte factors
    int group;            // columns that share a scale: 32 or 16
    bool minimum;         // weight = scale * integer + minimum
    bool powers;          // scales are bfloats: powers of two of which a half would lose most
} ck_layout;

// IQ4_NL, IQ4_XS: unequal steps, +128. MXFP4: twice the numbers of a float of 2 bits exponent and 1 bit mantissa, +12.
static const uint8_t ck_nonlinear_levels[16] = {1,   24,  45,  63,  79,  93,  106, 118,
                                                129, 141, 153, 166, 181, 197, 217, 241};
static const uint8_t ck_four_bit_floats[16] = {12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0};

CK_INLINE ck_layout ck_layout_of(const ck_type type) {
    switch (type) {
    case CK_Q8_0:
    case CK_Q5_0: return (ck_layout){.zero = 128, .group = 32};
    case CK_Q5_1: return (ck_layout){.group = 32, .minimum = true};
    case CK_Q4_0: return (ck_layout){.nibbles = true, .zero = 8, .group = 32};
    case CK_Q4_1: return (ck_layout){.nibbles = true, .group = 32, .minimum = true};
    case CK_Q2_K: return (ck_layout){.nibbles = true, .factors = true, .group = 16, .minimum = true};
    case CK_Q3_K: return (ck_layout){.nibbles = true, .zero = 4, .factors = true, .group = 16};
    case CK_Q4_K: return (ck_layout){.nibbles = true, .factors = true, .group = 32, .minimum = true};
    case CK_Q5_K: return (ck_layout){.factors = true, .group = 32, .minimum = true};
    case CK_Q6_K: return (ck_layout){.zero = 32, .factors = true, .group = 16};
    case CK_IQ4_NL: return (ck_layout){.nibbles = true, .table = ck_nonlinear_levels, .zero = 128, .group = 32};
    case CK_IQ4_XS:
        return (ck_layout){
            .nibbles = true, .table = ck_nonlinear_levels, .zero = 128, .factors = true, .group = 32};
    case CK_MXFP4:
        return (ck_layout){.nibbles = true, .table = ck_four_bit_floats, .zero = 12, .group = 32, .powers = true};
    case CK_F32:
    case CK_F16:
    case CK_BF16: break; // plain floats have no scales
    }
    __builtin_unreachable();
}

// Bytes of a tile's values for a block of 32 columns.
CK_INLINE size_t ck_block_bytes(const ck_layout layout) { return layout.nibbles ? 256 : 512; }

// Bytes of the two-byte numbers that begin a block's or a super-block's scales.
CK_INLINE size_t ck_halves_bytes(const ck_layout layout) { return layout.minimum ? 64 : 32; }

// Bytes of the factors of one block.
CK_INLINE size_t ck_factors_bytes(const ck_layout layout) {
    return (size_t)(CK_BLOCK / layout.group) * CK_LANES * (layout.minimum ? 2 : 1);
}

// Bytes of a tile's scales for `blocks` blocks of 32 columns, or for the whole super-blocks in them.
CK_INLINE size_t ck_tile_scale_bytes(const ck_layout layout, size_t blocks) {
    const size_t halves = ck_halves_bytes(layout);
    if (!layout.factors) return blocks * halves;
    return blocks / CK_SUPER_BLOCKS * (halves + CK_SUPER_BLOCKS * ck_factors_bytes(layout));
}

// Where the halves of block `b` of a tile begin. `scales` is the tile's.
CK_INLINE const uint8_t *ck_halves(const ck_layout layout, const uint8_t *scales, size_t b) {
    return scales + ck_tile_scale_bytes(layout, b);
}

// Where the factors of block `b` of a tile begin.
CK_INLINE const uint8_t *ck_factors(const ck_layout layout, const uint8_t *scales, size_t b) {
    return ck_halves(layout, scales, b) + ck_halves_bytes(layout) + b % CK_SUPER_BLOCKS * ck_factors_bytes(layout);
}

// The stored integer of lane `lane` and column `k` of a block, less what stands for 0.
CK_INLINE int ck_weight(const ck_layout layout, const uint8_t *block, int lane, int k) {
    if (!layout.nibbles) return block[k / 4 * 64 + lane * 4 + k % 4] - layout.zero;
    const int nibble = block[k % 16 / 4 * 64 + lane * 4 + k % 4] >> k / 16 * 4 & 15;
    return (layout.table ? layout.table[nibble] : nibble) - layout.zero;
}

// Scale and minimum of a lane: what the integers of group `group` of block `b` are multiplied by, and what is added.
CK_INLINE void ck_weight_scale(const ck_layout layout, const uint8_t *scales, size_t b, int group, int lane,
                               float *scale, float *minimum) {
    const uint8_t *halves = ck_halves(layout, scales, b) + lane * 2;
    uint16_t bits[2] = {0, 0};
    memcpy(bits, halves, 2);
    if (layout.minimum) memcpy(bits + 1, halves + 32, 2);
    *scale = layout.powers ? ck_float_from_bits((uint32_t)bits[0] << 16) : ck_float_from_half(bits[0]);
    *minimum = ck_float_from_half(bits[1]);
    if (!layout.factors) return;
    const int8_t *factors = (const int8_t *)ck_factors(layout, scales, b) + group * CK_LANES + lane;
    *scale *= (float)factors[0];
    if (layout.minimum) *minimum *= (float)factors[CK_BLOCK / layout.group * CK_LANES];
}

// Calls PRODUCT(type, ...) with a type that the compiler knows; types of one layout share their code.
#define CK_FOR_EACH_LAYOUT(TYPE, PRODUCT, ...)                                                                         \
    switch (TYPE) {                                                                                                    \
    case CK_Q8_0:                                                                                                      \
    case CK_Q5_0: PRODUCT(CK_Q8_0, __VA_ARGS__); break;                                                                \
    case CK_Q5_1: PRODUCT(CK_Q5_1, __VA_ARGS__); break;                                                                \
    case CK_Q4_0: PRODUCT(CK_Q4_0, __VA_ARGS__); break;                                                                \
    case CK_Q4_1: PRODUCT(CK_Q4_1, __VA_ARGS__); break;                                                                \
    case CK_Q2_K: PRODUCT(CK_Q2_K, __VA_ARGS__); break;                                                                \
    case CK_Q3_K: PRODUCT(CK_Q3_K, __VA_ARGS__); break;                                                                \
    case CK_Q4_K: PRODUCT(CK_Q4_K, __VA_ARGS__); break;                                                                \
    case CK_Q5_K: PRODUCT(CK_Q5_K, __VA_ARGS__); break;                                                                \
    case CK_Q6_K: PRODUCT(CK_Q6_K, __VA_ARGS__); break;                                                                \
    case CK_IQ4_NL: PRODUCT(CK_IQ4_NL, __VA_ARGS__); break;                                                            \
    case CK_IQ4_XS: PRODUCT(CK_IQ4_XS, __VA_ARGS__); break;                                                            \
    case CK_MXFP4: PRODUCT(CK_MXFP4, __VA_ARGS__); break;                                                              \
    case CK_F32:                                                                                                       \
    case CK_F16:                                                                                                       \
    case CK_BF16: break; /* plain floats have kernels of their own */                                                  \
    }

#endif
