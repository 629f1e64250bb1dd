// Quantised matrix product for AVX-512 with VNNI: one tile of 16 rows by up to 8 columns at a time.
#include "kernels.h"

#if CK_X86
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), \
                             apply_to = function)

// Tiles follow one another in memory, so reading this far ahead runs on into the next one.
enum { prefetch_bytes = 8192 };

static inline __attribute__((always_inline)) void tile_by(
    const ck_type type, const int columns, const uint8_t *values, const uint16_t *scales, size_t blocks,
    const int8_t *x, const float *x_scales, const int32_t *x_sums, float *out, size_t stride) {
    const size_t block_bytes = type == CK_Q8 ? 512 : 256;
    __m512 total[8];
    for (int c = 0; c < columns; c++) total[c] = _mm512_setzero_ps();
    for (size_t b = 0; b < blocks; b++) {
        const uint8_t *p = values + b * block_bytes;
        for (size_t g = 0; g < block_bytes; g += 64)
            _mm_prefetch((const char *)((uintptr_t)p + prefetch_bytes + g), _MM_HINT_T0);
        __m512i w[8];
        if (type == CK_Q8) {
            for (int g = 0; g < 8; g++) w[g] = _mm512_loadu_si512(p + g * 64);
        } else {
            const __m512i low = _mm512_set1_epi8(15);
            for (int g = 0; g < 4; g++) {
                __m512i pair = _mm512_loadu_si512(p + g * 64);
                w[g] = _mm512_and_si512(pair, low);
                w[g + 4] = _mm512_and_si512(_mm512_srli_epi16(pair, 4), low);
            }
        }
        __m512 scale = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(scales + b * CK_LANES)));
        for (int c = 0; c < columns; c++) {
            const size_t block = (size_t)c * blocks + b;
            // Weights are stored unsigned (+128 or +8): the dot product starts from what that adds.
            __m512i even = _mm512_set1_epi32(x_sums[block] * (type == CK_Q8 ? -128 : -8)), odd = _mm512_setzero_si512();
            for (int g = 0; g < 8; g += 2) {
                int32_t four[2];
                __builtin_memcpy(four, x + block * CK_BLOCK + g * 4, 8);
                even = _mm512_dpbusd_epi32(even, w[g], _mm512_set1_epi32(four[0]));
                odd = _mm512_dpbusd_epi32(odd, w[g + 1], _mm512_set1_epi32(four[1]));
            }
            __m512 dot = _mm512_cvtepi32_ps(_mm512_add_epi32(even, odd));
            total[c] = _mm512_fmadd_ps(dot, _mm512_mul_ps(scale, _mm512_set1_ps(x_scales[block])), total[c]);
            __asm__ volatile("" : "+v"(total[c])); // keeps the totals in registers instead of on the stack
        }
    }
    for (int c = 0; c < columns; c++) _mm512_storeu_ps(out + (size_t)c * stride, total[c]);
}

static inline __attribute__((always_inline)) void tile_of(
    const ck_type type, const uint8_t *values, const uint16_t *scales, size_t blocks, ck_activations x, size_t column,
    size_t columns, float *out, size_t stride) {
    const int8_t *xv = x.values + column * blocks * CK_BLOCK;
    const float *xs = x.scales + column * blocks;
    const int32_t *sums = x.sums + column * blocks;
    switch (columns) {
    case 1: tile_by(type, 1, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 2: tile_by(type, 2, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 3: tile_by(type, 3, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 4: tile_by(type, 4, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 5: tile_by(type, 5, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 6: tile_by(type, 6, values, scales, blocks, xv, xs, sums, out, stride); break;
    case 7: tile_by(type, 7, values, scales, blocks, xv, xs, sums, out, stride); break;
    default: tile_by(type, 8, values, scales, blocks, xv, xs, sums, out, stride); break;
    }
}

void ck_matmul_quantized_avx512(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    const size_t tile_bytes = blocks * (m->type == CK_Q8 ? 512 : 256);
    size_t chunk = 131072 / m->cols / 8 * 8; // columns whose activations stay in the second-level cache
    if (chunk < 8) chunk = 8;
    for (size_t start = 0; start < columns; start += chunk) {
        const size_t end = columns - start < chunk ? columns : start + chunk;
        for (size_t tile = 0; tile < tiles; tile++)
            for (size_t c = start; c < end; c += 8) {
                size_t count = end - c < 8 ? end - c : 8;
                const uint8_t *values = m->values + tile * tile_bytes;
                const uint16_t *scales = m->scales + tile * blocks * CK_LANES;
                float *to = out + c * stride + tile * CK_LANES;
                if (m->type == CK_Q8)
                    tile_of(CK_Q8, values, scales, blocks, x, c, count, to, stride);
                else
                    tile_of(CK_Q4, values, scales, blocks, x, c, count, to, stride);
            }
    }
}

#pragma clang attribute pop
#endif
