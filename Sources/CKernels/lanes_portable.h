// Sixteen floats in plain C: the specification that the SIMD versions are tested against.
#include "half.h"

#include <math.h>

typedef struct {
    float lane[16];
} v16;

#define EACH for (int i = 0; i < 16; i++)

static inline v16 v16_all(float x) { v16 r; EACH r.lane[i] = x; return r; }
static inline v16 v16_load(const float *p) { v16 r; EACH r.lane[i] = p[i]; return r; }
static inline void v16_store(float *p, v16 a) { EACH p[i] = a.lane[i]; }
static inline v16 v16_load_half(const uint16_t *p) { v16 r; EACH r.lane[i] = ck_float_from_half(p[i]); return r; }
static inline void v16_store_half(uint16_t *p, v16 a) { EACH p[i] = ck_half_from_float(a.lane[i]); }
static inline v16 v16_load_bfloat(const uint16_t *p) {
    v16 r; EACH r.lane[i] = ck_float_from_bits((uint32_t)p[i] << 16); return r;
}
static inline v16 v16_add(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] + b.lane[i]; return r; }
static inline v16 v16_sub(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] - b.lane[i]; return r; }
static inline v16 v16_mul(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] * b.lane[i]; return r; }
static inline v16 v16_div(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] / b.lane[i]; return r; }
// a * b + c and c - a * b, each rounded once.
static inline v16 v16_fma(v16 a, v16 b, v16 c) { v16 r; EACH r.lane[i] = fmaf(a.lane[i], b.lane[i], c.lane[i]); return r; }
static inline v16 v16_fnma(v16 a, v16 b, v16 c) { v16 r; EACH r.lane[i] = fmaf(-a.lane[i], b.lane[i], c.lane[i]); return r; }
// The second operand where either is not a number, as the x86 instructions do.
static inline v16 v16_max(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; return r; }
static inline v16 v16_min(v16 a, v16 b) { v16 r; EACH r.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]; return r; }
static inline v16 v16_abs(v16 a) { v16 r; EACH r.lane[i] = fabsf(a.lane[i]); return r; }
// 2^a for integers -126...127.
static inline v16 v16_exp2(v16 a) {
    v16 r; EACH r.lane[i] = ck_float_from_bits((uint32_t)((int32_t)a.lane[i] + 127) << 23); return r;
}
// The first n lanes of a, the rest of b.
static inline v16 v16_first(size_t n, v16 a, v16 b) { v16 r; EACH r.lane[i] = (size_t)i < n ? a.lane[i] : b.lane[i]; return r; }
// Integers -127...127 as bytes.
static inline void v16_store_int8(int8_t *p, v16 a) { EACH p[i] = (int8_t)a.lane[i]; }

#define FOLD(OP)                                                                                                       \
    float b[16];                                                                                                       \
    EACH b[i] = a.lane[i];                                                                                             \
    for (int half = 8; half > 0; half /= 2)                                                                            \
        for (int i = 0; i < half; i++) b[i] = OP(b[i], b[i + half]);                                                   \
    return b[0];
#define PLUS(x, y) ((x) + (y))
#define MORE(x, y) ((x) > (y) ? (x) : (y))
static inline float v16_sum(v16 a) { FOLD(PLUS) }
static inline float v16_largest(v16 a) { FOLD(MORE) }
