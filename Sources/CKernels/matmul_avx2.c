// Quantised matrix product for AVX2: half a tile (8 rows) by up to 4 columns at a time.
#include "kernels.h"

#if CK_X86
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

// Dot products of 4 signed bytes in each 32-bit lane. Exact: |w| <= 128 and |x| <= 127 cannot saturate 16 bits.
static inline __m256i dot4(__m256i w, __m256i x) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

static inline __m256i load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

static inline __attribute__((always_inline)) void half_tile(
    const ck_type type, const int columns, const uint8_t *values, const uint16_t *scales, size_t blocks,
    const int8_t *x, const float *x_scales, float *out, size_t stride) {
    const size_t block_bytes = type == CK_Q8 ? 512 : 256;
    __m256 total[4];
    for (int c = 0; c < columns; c++) total[c] = _mm256_setzero_ps();
    for (size_t b = 0; b < blocks; b++) {
        const uint8_t *p = values + b * block_bytes;
        __m256i w[8];
        if (type == CK_Q8) {
            for (int g = 0; g < 8; g++) w[g] = _mm256_xor_si256(load(p + g * 64), _mm256_set1_epi8((char)0x80));
        } else {
            const __m256i low = _mm256_set1_epi8(15), eight = _mm256_set1_epi8(8);
            for (int g = 0; g < 4; g++) {
                __m256i pair = load(p + g * 64);
                w[g] = _mm256_sub_epi8(_mm256_and_si256(pair, low), eight);
                w[g + 4] = _mm256_sub_epi8(_mm256_and_si256(_mm256_srli_epi16(pair, 4), low), eight);
            }
        }
        __m256 scale = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(scales + b * CK_LANES)));
        for (int c = 0; c < columns; c++) {
            const int8_t *xb = x + ((size_t)c * blocks + b) * CK_BLOCK;
            __m256i dot = _mm256_setzero_si256();
            for (int g = 0; g < 8; g++) {
                int32_t four;
                __builtin_memcpy(&four, xb + g * 4, 4);
                dot = _mm256_add_epi32(dot, dot4(w[g], _mm256_set1_epi32(four)));
            }
            __m256 both = _mm256_mul_ps(scale, _mm256_set1_ps(x_scales[(size_t)c * blocks + b]));
            total[c] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dot), both, total[c]);
        }
    }
    for (int c = 0; c < columns; c++) _mm256_storeu_ps(out + (size_t)c * stride, total[c]);
}

static inline __attribute__((always_inline)) void tile_of(
    const ck_type type, const uint8_t *values, const uint16_t *scales, size_t blocks, ck_activations x, size_t column,
    size_t columns, float *out, size_t stride) {
    const int8_t *xv = x.values + column * blocks * CK_BLOCK;
    const float *xs = x.scales + column * blocks;
    for (int half = 0; half < 2; half++, values += 32, scales += 8, out += 8)
        switch (columns) {
        case 1: half_tile(type, 1, values, scales, blocks, xv, xs, out, stride); break;
        case 2: half_tile(type, 2, values, scales, blocks, xv, xs, out, stride); break;
        case 3: half_tile(type, 3, values, scales, blocks, xv, xs, out, stride); break;
        default: half_tile(type, 4, values, scales, blocks, xv, xs, out, stride); break;
        }
}

void ck_matmul_quantized_avx2(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    const size_t tile_bytes = blocks * (m->type == CK_Q8 ? 512 : 256);
    for (size_t tile = 0; tile < tiles; tile++)
        for (size_t c = 0; c < columns; c += 4) {
            size_t count = columns - c < 4 ? columns - c : 4;
            const uint8_t *values = m->values + tile * tile_bytes;
            const uint16_t *scales = m->scales + tile * blocks * CK_LANES;
            float *to = out + c * stride + tile * CK_LANES;
            if (m->type == CK_Q8)
                tile_of(CK_Q8, values, scales, blocks, x, c, count, to, stride);
            else
                tile_of(CK_Q4, values, scales, blocks, x, c, count, to, stride);
        }
}

#pragma clang attribute pop
#endif
