// Sixteen floats in plain C: the specification that the SIMD versions are tested against.
#include "half.h"

#include <math.h>

typedef struct {
    float lane[16];
} v16;

#define EACH_LANE for (int i = 0; i < 16; i++)
// A function body that computes each lane by itself.
#define LANES(EXPRESSION)                                                                                              \
    {                                                                                                                  \
        v16 result;                                                                                                    \
        EACH_LANE result.lane[i] = EXPRESSION;                                                                         \
        return result;                                                                                                 \
    }

static inline v16 v16_all(float x) LANES(x)
static inline v16 v16_load(const float *p) LANES(p[i])
static inline v16 v16_load_half(const uint16_t *p) LANES(ck_float_from_half(p[i]))
static inline v16 v16_load_bfloat(const uint16_t *p) LANES(ck_float_from_bits((uint32_t)p[i] << 16))
static inline void v16_store(float *p, v16 a) { EACH_LANE p[i] = a.lane[i]; }
static inline void v16_store_half(uint16_t *p, v16 a) { EACH_LANE p[i] = ck_half_from_float(a.lane[i]); }
// Integers -127...127 as bytes.
static inline void v16_store_int8(int8_t *p, v16 a) { EACH_LANE p[i] = (int8_t)a.lane[i]; }

static inline v16 v16_add(v16 a, v16 b) LANES(a.lane[i] + b.lane[i])
static inline v16 v16_sub(v16 a, v16 b) LANES(a.lane[i] - b.lane[i])
static inline v16 v16_mul(v16 a, v16 b) LANES(a.lane[i] * b.lane[i])
static inline v16 v16_div(v16 a, v16 b) LANES(a.lane[i] / b.lane[i])
// a * b + c and c - a * b, each rounded once.
static inline v16 v16_fma(v16 a, v16 b, v16 c) LANES(__builtin_fmaf(a.lane[i], b.lane[i], c.lane[i]))
static inline v16 v16_fnma(v16 a, v16 b, v16 c) LANES(__builtin_fmaf(-a.lane[i], b.lane[i], c.lane[i]))
// The second operand where either is not a number, as the x86 instructions do.
static inline v16 v16_max(v16 a, v16 b) LANES(a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i])
static inline v16 v16_min(v16 a, v16 b) LANES(a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i])
static inline v16 v16_abs(v16 a) LANES(fabsf(a.lane[i]))
// 2^a for integers -126...127.
static inline v16 v16_exp2(v16 a) LANES(ck_float_from_bits((uint32_t)((int32_t)a.lane[i] + 127) << 23))
// x in lanes where a < b, y in the others, also where either is not a number.
static inline v16 v16_less(v16 a, v16 b, v16 x, v16 y) LANES(a.lane[i] < b.lane[i] ? x.lane[i] : y.lane[i])
// The first n lanes of a, the rest of b.
static inline v16 v16_first(size_t n, v16 a, v16 b) LANES((size_t)i < n ? a.lane[i] : b.lane[i])

// The one tree that folds lanes: i with i + 8, then + 4, + 2, + 1.
static inline float v16_sum(v16 a) {
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++) a.lane[i] += a.lane[i + half];
    return a.lane[0];
}

static inline float v16_largest(v16 a) {
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            if (!(a.lane[i] > a.lane[i + half])) a.lane[i] = a.lane[i + half];
    return a.lane[0];
}

#undef LANES
#undef EACH_LANE
