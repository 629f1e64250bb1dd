// SIMD kernels of a transformer's forward pass on the CPU.
//
// Every operation gives the same bits on every instruction set. Three rules make that so:
// one output is one SIMD lane, so no sum over columns ever crosses lanes or is split between threads;
// where a sum must cross lanes (norms, softmax) it is kept in 16 lanes and folded by one fixed tree;
// contraction is off in every file and each fused multiply-add is written out.
//
// Nothing here checks its arguments: shapes are checked once, in Swift, when a model is loaded.
#ifndef CKERNELS_H
#define CKERNELS_H

#ifndef __clang__
#error "the same bits need `#pragma STDC FP_CONTRACT OFF`, which only clang obeys"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Rows of a tile, lanes of a vector and tokens of a KV page: all three are 16 by design.
#define CK_LANES 16
// Columns that share one scale, in weights and in quantised activations.
#define CK_BLOCK 32

typedef enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_isa;

// True when this machine can run `isa`; the portable one always can.
bool ck_isa_available(ck_isa isa);

// ---- Weights ----

// How the weights of a file are stored; the names are ggml's.
typedef enum {
    CK_F32, CK_F16, CK_BF16,
    CK_Q8_0, CK_Q4_0, CK_Q4_1, CK_Q5_0, CK_Q5_1,
    CK_Q2_K, CK_Q3_K, CK_Q4_K, CK_Q5_K, CK_Q6_K,
    CK_IQ4_NL, CK_IQ4_XS, CK_MXFP4,
} ck_type;

// A packed matrix of `rows` x `cols`, in tiles of 16 rows (the last one padded with zeros).
//
// F32, F16, BF16: for each tile and each column, the 16 rows' values. `scales` is unused.
// All others hold the weights of the file as they are: an integer of eight or four bits, times a scale, plus a minimum
// in some types. `values`: for each tile and each block of 32 columns, groups of 64 bytes. Eight bits have 8 groups;
// group g holds columns 4g..4g+3 of each of the 16 rows. Four bits have 4 groups; the low nibbles of group g are columns
// 4g..4g+3, the high ones columns 16+4g..16+4g+3. `scales`: `layout.h` says what a type has there.
typedef struct {
    ck_type type;
    size_t rows, cols;
    const uint8_t *values;
    const uint8_t *scales;
} ck_matrix;

// Bytes of `values` and of `scales` (0 for the float types).
size_t ck_value_bytes(ck_type type, size_t rows, size_t cols);
size_t ck_scale_bytes(ck_type type, size_t rows, size_t cols);

// Packs row-major GGUF data. `cols` is a multiple of the type's block: 256 for Q2_K...Q6_K and IQ4_XS, 32 for the other
// quantised types. Writes every byte of `values` and `scales`, padding included.
void ck_pack(ck_type type, const uint8_t *source, size_t rows, size_t cols, uint8_t *values, uint8_t *scales);

// One row as `cols` floats, bit for bit what the file's blocks stand for: the embedding look-up.
void ck_unpack_row(const ck_matrix *matrix, size_t row, float *out);

// ---- Activations ----

// Columns of int8 activations: block b of column c has 32 values at `values + (c * blocks + b) * 32`,
// each standing for `scales[c * blocks + b]` times itself; `sums` are the integer sums of the blocks.
typedef struct {
    int8_t *values;
    float *scales;
    int32_t *sums;
} ck_activations;

// Quantises n floats (a multiple of 32), starting at block `first` of `out`. Values are in -127...127.
void ck_quantize(ck_isa isa, const float *x, size_t n, ck_activations out, size_t first);

// out[c * stride + r] = dot(matrix row r, column c), for all rows (padding rows give 0) and `columns` columns.
// `stride` is at least the number of rows rounded up to 16.
void ck_matmul_quantized(ck_isa isa, const ck_matrix *matrix, ck_activations x, size_t columns, float *out,
                         size_t stride);
// The same for the float types; column c starts at x + c * x_stride.
void ck_matmul_float(ck_isa isa, const ck_matrix *matrix, const float *x, size_t x_stride, size_t columns, float *out,
                     size_t stride);

// ---- Everything between the matrices ----

// out = x / sqrt(mean(x * x) + epsilon) * weight
void ck_rmsnorm(ck_isa isa, const float *x, const float *weight, float *out, size_t n, float epsilon);
// x += y
void ck_add(ck_isa isa, float *x, const float *y, size_t n);
// x += y * factor, rounded once
void ck_add_scaled(ck_isa isa, float *x, const float *y, float factor, size_t n);
// x *= factor
void ck_scale(ck_isa isa, float *x, float factor, size_t n);
// x = cap * tanh(x / cap), for cap > 0
void ck_soft_cap(ck_isa isa, float *x, float cap, size_t n);
// out = gate / (1 + exp(-gate)) * up
void ck_silu_mul(ck_isa isa, const float *gate, const float *up, float *out, size_t n);
// out = gelu(gate) * up, with the approximation by tanh: gate / 2 * (1 + tanh(sqrt(2 / pi) * (gate + 0.044715 * gate^3)))
void ck_gelu_mul(ck_isa isa, const float *gate, const float *up, float *out, size_t n);
// out = g / (1 + exp(-1.702 * g)) * (u + 1), where g = min(gate, 7) and u = up between -7 and 7
void ck_clamped_swiglu(ck_isa isa, const float *gate, const float *up, float *out, size_t n);
// out = x / (1 + exp(-gate))
void ck_sigmoid_mul(ck_isa isa, const float *gate, const float *x, float *out, size_t n);
// Rotates pairs of the first `rotated` (even) elements of each head: the i-th pair by the angle whose (cos, sin) is
// table[2i], table[2i + 1]. Pairs are (2i, 2i + 1) or, for `halves`, (i, i + rotated / 2).
void ck_rope_pairs(float *x, size_t heads, size_t head_dim, size_t rotated, const float *table);
void ck_rope_halves(float *x, size_t heads, size_t head_dim, size_t rotated, const float *table);

// One page holds 16 tokens of one KV head: keys as [head_dim][16] (lanes are tokens), then values as
// [16][head_dim], in half or single precision. `head_dim` is a multiple of 16.
typedef enum { CK_CACHE_F16 = 0, CK_CACHE_F32 = 1 } ck_cache;
// Writes the key and value of the page's token `slot`.
void ck_kv_write(ck_isa isa, ck_cache cache, void *page, size_t head_dim, size_t slot, const float *key,
                 const float *value);
// How attention weighs the keys.
typedef struct {
    float scale;        // of the dot products
    float cap;          // above 0: a score s becomes cap * tanh(s / cap)
    const float *sinks; // of each query head a score that takes part in the softmax and has no value; or NULL
    size_t first;       // tokens of the first page before this one (0...15) are masked
} ck_attention_rules;
// Attention of one token: `group` query heads that share one KV head, over `keys` tokens (more than `first`).
// pages[i] holds tokens 16i...16i+15. `scratch` has room for 4 * (keys rounded up to 16) floats.
void ck_attention(ck_isa isa, ck_cache cache, const float *query, size_t group, size_t head_dim,
                  const void *const *pages, size_t keys, const ck_attention_rules *rules, float *scratch, float *out);

// ---- Recurrent layers ----

// A causal convolution of each channel with its own `count` (at least 2) taps, then x / (1 + exp(-x)), in place.
// `taps` is [count][channels], the last one for x itself; `history` is [count - 1][channels], oldest first, and moves on.
void ck_short_convolution(ck_isa isa, float *history, const float *taps, float *x, size_t channels, size_t count);
// One token of one head of a gated delta rule, over a state of [n][n] (keys by values), n a multiple of 16:
// state *= decay; state += key x (value - state^T key) * beta; out = state^T query.
void ck_delta_step(ck_isa isa, float *state, size_t n, const float *query, const float *key, const float *value,
                   float decay, float beta, float *out);

// What softmax needs to know of a row of logits.
typedef struct {
    float max;       // largest value
    double log_sum;  // log of the sum of exp(x - max)
    bool finite;     // false when any value is infinite or not a number; then the rest means nothing
} ck_row_stats;
ck_row_stats ck_logits_stats(ck_isa isa, const float *x, size_t n);
// out = exp((x - max) * scale), for x <= max and scale >= 0.
void ck_exp_shifted(ck_isa isa, const float *x, float max, float scale, float *out, size_t n);

// ---- Elementary functions from IEEE operations only: the C library's differ between versions ----

double ck_exp(double x);  // |x| <= 700
double ck_log(double x);  // x > 0, finite, not subnormal
void ck_sincos(double x, double *sine, double *cosine);  // 0 <= x <= 2^27

#endif
