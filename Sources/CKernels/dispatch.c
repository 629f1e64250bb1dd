// Chooses the kernels of an instruction set at run time.
#include "kernels.h"

bool ck_isa_available(ck_isa isa) {
    switch (isa) {
    case CK_PORTABLE:
        return true;
#if CK_X86
    case CK_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    case CK_AVX512:
        return ck_isa_available(CK_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vnni");
#else
    case CK_AVX2:
    case CK_AVX512:
        return false;
#endif
    }
    return false;
}

static inline const ck_kernels *kernels(ck_isa isa) {
#if CK_X86
    if (isa == CK_AVX512) return &ck_kernels_avx512;
    if (isa == CK_AVX2) return &ck_kernels_avx2;
#endif
    (void)isa;
    return &ck_kernels_portable;
}

void ck_quantize(ck_isa isa, const float *x, size_t n, ck_activations out, size_t first) {
    kernels(isa)->quantize(x, n, out, first);
}

void ck_matmul_quantized(ck_isa isa, const ck_matrix *matrix, ck_activations x, size_t columns, float *out,
                         size_t stride) {
    kernels(isa)->matmul_quantized(matrix, x, columns, out, stride);
}

void ck_matmul_float(ck_isa isa, const ck_matrix *matrix, const float *x, size_t x_stride, size_t columns, float *out,
                     size_t stride) {
    kernels(isa)->matmul_float(matrix, x, x_stride, columns, out, stride);
}

void ck_rmsnorm(ck_isa isa, const float *x, const float *weight, float *out, size_t n, float epsilon) {
    kernels(isa)->rmsnorm(x, weight, out, n, epsilon);
}

void ck_add(ck_isa isa, float *x, const float *y, size_t n) { kernels(isa)->add(x, y, n); }

void ck_add_scaled(ck_isa isa, float *x, const float *y, float factor, size_t n) {
    kernels(isa)->add_scaled(x, y, factor, n);
}

void ck_scale(ck_isa isa, float *x, float factor, size_t n) { kernels(isa)->scale(x, factor, n); }

void ck_soft_cap(ck_isa isa, float *x, float cap, size_t n) { kernels(isa)->soft_cap(x, cap, n); }

void ck_silu_mul(ck_isa isa, const float *gate, const float *up, float *out, size_t n) {
    kernels(isa)->silu_mul(gate, up, out, n);
}

void ck_gelu_mul(ck_isa isa, const float *gate, const float *up, float *out, size_t n) {
    kernels(isa)->gelu_mul(gate, up, out, n);
}

void ck_clamped_swiglu(ck_isa isa, const float *gate, const float *up, float *out, size_t n) {
    kernels(isa)->clamped_swiglu(gate, up, out, n);
}

void ck_sigmoid_mul(ck_isa isa, const float *gate, const float *x, float *out, size_t n) {
    kernels(isa)->sigmoid_mul(gate, x, out, n);
}

void ck_short_convolution(ck_isa isa, float *history, const float *taps, float *x, size_t channels, size_t count) {
    kernels(isa)->short_convolution(history, taps, x, channels, count);
}

void ck_delta_step(ck_isa isa, float *state, size_t n, const float *query, const float *key, const float *value,
                   float decay, float beta, float *out) {
    kernels(isa)->delta_step(state, n, query, key, value, decay, beta, out);
}

void ck_kv_write(ck_isa isa, ck_cache cache, void *page, size_t head_dim, size_t slot, const float *key,
                 const float *value) {
    kernels(isa)->kv_write(cache, page, head_dim, slot, key, value);
}

void ck_attention(ck_isa isa, ck_cache cache, const float *query, size_t group, size_t head_dim,
                  const void *const *pages, size_t keys, const ck_attention_rules *rules, float *scratch, float *out) {
    kernels(isa)->attention(cache, query, group, head_dim, pages, keys, rules, scratch, out);
}

ck_row_stats ck_logits_stats(ck_isa isa, const float *x, size_t n) { return kernels(isa)->logits_stats(x, n); }

void ck_exp_shifted(ck_isa isa, const float *x, float max, float scale, float *out, size_t n) {
    kernels(isa)->exp_shifted(x, max, scale, out, n);
}
