// What each instruction set provides; `dispatch.c` picks one table.
#ifndef CK_KERNELS_H
#define CK_KERNELS_H

#include "ckernels.h"

#if defined(__x86_64__)
#define CK_X86 1
#else
#define CK_X86 0
#endif

// Labels of a switch over `ck_type` for all types but the plain floats.
#define CK_QUANTIZED_TYPES                                                                                             \
    case CK_Q8_0: case CK_Q4_0: case CK_Q4_1: case CK_Q5_0: case CK_Q5_1: case CK_Q2_K: case CK_Q3_K: case CK_Q4_K:    \
    case CK_Q5_K: case CK_Q6_K: case CK_IQ4_NL: case CK_IQ4_XS: case CK_MXFP4

typedef void ck_matmul_quantized_fn(const ck_matrix *, ck_activations, size_t columns, float *out, size_t stride);

typedef void ck_activation_fn(const float *gate, const float *up, float *out, size_t n);

typedef struct {
    void (*quantize)(const float *x, size_t n, ck_activations out, size_t first);
    ck_matmul_quantized_fn *matmul_quantized;
    void (*matmul_float)(const ck_matrix *, const float *x, size_t x_stride, size_t columns, float *out, size_t stride);
    void (*rmsnorm)(const float *x, const float *weight, float *out, size_t n, float epsilon);
    void (*add)(float *x, const float *y, size_t n);
    void (*add_scaled)(float *x, const float *y, float factor, size_t n);
    void (*scale)(float *x, float factor, size_t n);
    void (*soft_cap)(float *x, float cap, size_t n);
    ck_activation_fn *silu_mul, *gelu_mul, *clamped_swiglu, *sigmoid_mul;
    void (*short_convolution)(float *history, const float *taps, float *x, size_t channels, size_t count);
    void (*delta_step)(float *state, size_t n, const float *query, const float *key, const float *value, float decay,
                       float beta, float *out);
    void (*kv_write)(ck_cache cache, void *page, size_t head_dim, size_t slot, const float *key, const float *value);
    void (*attention)(ck_cache cache, const float *query, size_t group, size_t head_dim, const void *const *pages,
                      size_t keys, const ck_attention_rules *rules, float *scratch, float *out);
    ck_row_stats (*logits_stats)(const float *x, size_t n);
    void (*exp_shifted)(const float *x, float max, float scale, float *out, size_t n);
} ck_kernels;

// The table of the operations that `ops_*.h` define, where they are compiled for an instruction set.
#define CK_KERNELS(ISA)                                                                                                \
    {                                                                                                                  \
        .quantize = quantize,                                                                                          \
        .matmul_quantized = ck_matmul_quantized_##ISA,                                                                 \
        .matmul_float = matmul_float,                                                                                  \
        .rmsnorm = rmsnorm,                                                                                            \
        .add = add,                                                                                                    \
        .add_scaled = add_scaled,                                                                                      \
        .scale = scale,                                                                                                \
        .soft_cap = soft_cap,                                                                                          \
        .silu_mul = silu_mul,                                                                                          \
        .gelu_mul = gelu_mul,                                                                                          \
        .clamped_swiglu = clamped_swiglu,                                                                              \
        .sigmoid_mul = sigmoid_mul,                                                                                    \
        .short_convolution = short_convolution,                                                                        \
        .delta_step = delta_step,                                                                                      \
        .kv_write = kv_write,                                                                                          \
        .attention = attention,                                                                                        \
        .logits_stats = logits_stats,                                                                                  \
        .exp_shifted = exp_shifted,                                                                                    \
    }

ck_matmul_quantized_fn ck_matmul_quantized_portable;
extern const ck_kernels ck_kernels_portable;
#if CK_X86
ck_matmul_quantized_fn ck_matmul_quantized_avx2, ck_matmul_quantized_avx512;
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;
#endif

#endif
