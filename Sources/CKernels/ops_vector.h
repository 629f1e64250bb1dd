// Norms, activations, softmax statistics and quantisation, written once over sixteen lanes.
// Each instruction set compiles this text with its own `v16`; the order of operations is therefore the same.

// Up to 16 floats, zero beyond n.
static inline v16 load_part(const float *p, size_t n) {
    if (n >= 16) return v16_load(p);
    float padded[16] = {0};
    memcpy(padded, p, n * sizeof(float));
    return v16_load(padded);
}

static inline void store_part(float *p, size_t n, v16 a) {
    if (n >= 16) {
        v16_store(p, a);
        return;
    }
    float padded[16];
    v16_store(padded, a);
    memcpy(p, padded, n * sizeof(float));
}

// Nearest integer, ties to even, for |x| < 2^22.
static inline v16 nearest(v16 x) {
    const v16 shift = v16_all(0x1.8p23f);
    return v16_sub(v16_add(x, shift), shift);
}

// exp between -87.3 and 88; other values are treated as the nearer of these, and NaN as -87.3, so that every result is
// a normal number and every conversion is defined. Reduction to |r| <= log(2) / 2 and a polynomial of
// degree 7 (coefficients: S. Moshier, Cephes library, 1984-1992); within 2 units in the last place.
static inline v16 exponential(v16 x) {
    x = v16_min(v16_max(x, v16_all(-87.3f)), v16_all(88.0f));
    v16 n = nearest(v16_mul(x, v16_all(1.44269504f)));
    v16 r = v16_fnma(n, v16_all(0.693359375f), x);
    r = v16_fnma(n, v16_all(-2.12194440e-4f), r);
    v16 p = v16_all(1.9875691500e-4f);
    p = v16_fma(p, r, v16_all(1.3981999507e-3f));
    p = v16_fma(p, r, v16_all(8.3334519073e-3f));
    p = v16_fma(p, r, v16_all(4.1665795894e-2f));
    p = v16_fma(p, r, v16_all(1.6666665459e-1f));
    p = v16_fma(p, r, v16_all(5.0000001201e-1f));
    p = v16_fma(p, v16_mul(r, r), v16_add(r, v16_all(1.0f)));
    return v16_mul(p, v16_exp2(n));
}

// tanh: a polynomial below 0.625 (S. Moshier, Cephes library), elsewhere 1 - 2 / (exp(2 |x|) + 1) with the sign of x.
// Not a number where x is not finite.
static inline v16 hyperbolic_tangent(v16 x) {
    const v16 one = v16_all(1), size = v16_abs(x), square = v16_mul(x, x);
    v16 p = v16_all(-5.70498872745e-3f);
    p = v16_fma(p, square, v16_all(2.06390887954e-2f));
    p = v16_fma(p, square, v16_all(-5.37397155531e-2f));
    p = v16_fma(p, square, v16_all(1.33314422036e-1f));
    p = v16_fma(p, square, v16_all(-3.33332819422e-1f));
    p = v16_fma(v16_mul(p, square), x, x);
    v16 large = v16_sub(one, v16_div(v16_all(2), v16_add(exponential(v16_add(size, size)), one)));
    large = v16_less(x, v16_all(0), v16_sub(v16_all(0), large), large);
    return v16_fma(x, v16_all(0), v16_less(size, v16_all(0.625f), p, large));
}

// x / (1 + exp(-slope))
static inline v16 gated(v16 x, v16 slope) {
    return v16_div(x, v16_add(v16_all(1), exponential(v16_sub(v16_all(0), slope))));
}

static void rmsnorm(const float *x, const float *weight, float *out, size_t n, float epsilon) {
    v16 sum = v16_all(0);
    for (size_t i = 0; i < n; i += 16) {
        v16 a = load_part(x + i, n - i);
        sum = v16_fma(a, a, sum);
    }
    v16 scale = v16_all(1.0f / sqrtf(v16_sum(sum) / (float)n + epsilon));
    for (size_t i = 0; i < n; i += 16) {
        v16 a = v16_mul(load_part(x + i, n - i), scale);
        store_part(out + i, n - i, v16_mul(a, load_part(weight + i, n - i)));
    }
}

static void add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i += 16)
        store_part(x + i, n - i, v16_add(load_part(x + i, n - i), load_part(y + i, n - i)));
}

static void add_scaled(float *x, const float *y, float factor, size_t n) {
    for (size_t i = 0; i < n; i += 16)
        store_part(x + i, n - i, v16_fma(load_part(y + i, n - i), v16_all(factor), load_part(x + i, n - i)));
}

static void scale(float *x, float factor, size_t n) {
    for (size_t i = 0; i < n; i += 16) store_part(x + i, n - i, v16_mul(load_part(x + i, n - i), v16_all(factor)));
}

static inline v16 capped(v16 x, float cap) {
    return v16_mul(hyperbolic_tangent(v16_mul(x, v16_all(1.0f / cap))), v16_all(cap));
}

static void soft_cap(float *x, float cap, size_t n) {
    for (size_t i = 0; i < n; i += 16) store_part(x + i, n - i, capped(load_part(x + i, n - i), cap));
}

static void silu_mul(const float *gate, const float *up, float *out, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        v16 a = load_part(gate + i, n - i);
        store_part(out + i, n - i, v16_mul(gated(a, a), load_part(up + i, n - i)));
    }
}

// (1 + tanh(y)) / 2 is 1 / (1 + exp(-2 y)), which loses nothing where y is far below zero.
static void gelu_mul(const float *gate, const float *up, float *out, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        v16 a = load_part(gate + i, n - i);
        v16 slope = v16_fma(v16_mul(a, a), v16_all(0.044715f), v16_all(1));
        slope = v16_mul(v16_mul(a, v16_all(1.59576912160573071f)), slope);
        store_part(out + i, n - i, v16_mul(gated(a, slope), load_part(up + i, n - i)));
    }
}

// The limits come first: where an operand is not a number, the second one is the result.
static void clamped_swiglu(const float *gate, const float *up, float *out, size_t n) {
    const v16 limit = v16_all(7);
    for (size_t i = 0; i < n; i += 16) {
        v16 a = v16_min(limit, load_part(gate + i, n - i));
        v16 b = v16_max(v16_all(-7), v16_min(limit, load_part(up + i, n - i)));
        a = gated(a, v16_mul(a, v16_all(1.702f)));
        store_part(out + i, n - i, v16_mul(a, v16_add(b, v16_all(1))));
    }
}

static void sigmoid_mul(const float *gate, const float *x, float *out, size_t n) {
    for (size_t i = 0; i < n; i += 16)
        store_part(out + i, n - i, gated(load_part(x + i, n - i), load_part(gate + i, n - i)));
}

static ck_row_stats logits_stats(const float *x, size_t n) {
    const v16 lowest = v16_all(-INFINITY);
    v16 largest = lowest, poison = v16_all(0), sum = v16_all(0);
    for (size_t i = 0; i < n; i += 16) {
        v16 a = load_part(x + i, n - i);
        poison = v16_fma(a, v16_all(0), poison); // not a number as soon as one value is not finite
        largest = v16_max(v16_first(n - i, a, lowest), largest);
    }
    float max = v16_largest(largest);
    ck_row_stats stats = {.max = max, .finite = v16_sum(poison) == 0.0f};
    for (size_t i = 0; i < n; i += 16) {
        v16 e = exponential(v16_sub(load_part(x + i, n - i), v16_all(max)));
        sum = v16_add(sum, v16_first(n - i, e, v16_all(0)));
    }
    stats.log_sum = stats.finite ? ck_log((double)v16_sum(sum)) : 0.0;
    return stats;
}

static void exp_shifted(const float *x, float max, float scale, float *out, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        v16 a = v16_mul(v16_sub(load_part(x + i, n - i), v16_all(max)), v16_all(scale));
        store_part(out + i, n - i, exponential(a));
    }
}

static void quantize(const float *x, size_t n, ck_activations out, size_t first) {
    const v16 limit = v16_all(127.0f);
    for (size_t block = first; block < first + n / CK_BLOCK; block++, x += CK_BLOCK) {
        v16 a = v16_load(x), b = v16_load(x + 16);
        float max = v16_largest(v16_max(v16_abs(a), v16_abs(b)));
        v16 inverse = v16_all(max > 0 ? 127.0f / max : 0.0f);
        // The limits only matter for values that are not finite; those must not become undefined integers.
        a = nearest(v16_min(v16_max(v16_mul(a, inverse), v16_all(-127.0f)), limit));
        b = nearest(v16_min(v16_max(v16_mul(b, inverse), v16_all(-127.0f)), limit));
        v16_store_int8(out.values + block * CK_BLOCK, a);
        v16_store_int8(out.values + block * CK_BLOCK + 16, b);
        out.scales[block] = max / 127.0f;
        out.sums[block] = (int32_t)v16_sum(v16_add(a, b)); // integers below 2^24: exact in any order
    }
}
