// Quantised matrix product for AVX-512 with VNNI: one tile of 16 rows by up to 8 columns at a time.
#include "kernels.h"
#include "layout.h"

#if CK_X86
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), \
                             apply_to = function)

#define TILE_COLUMNS 8
#include "matmul_tiles.h"

// Tiles follow one another in memory, so reading this far ahead runs on into the next one.
enum { PREFETCH_BYTES = 8192 };

// Scales (and minima) of the groups of a block.
typedef struct {
    __m512 scale[2], minimum[2];
} block_scales;

CK_INLINE __m512 load_halves(const uint8_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }

CK_INLINE __m512 load_factors(const uint8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)));
}

CK_INLINE block_scales load_scales(const ck_layout layout, const uint8_t *scales, size_t b) {
    block_scales of = {{_mm512_setzero_ps()}, {_mm512_setzero_ps()}};
    const uint8_t *halves = ck_halves(layout, scales, b);
    if (layout.powers) {
        __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)halves));
        of.scale[0] = _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
        return of;
    }
    __m512 scale = load_halves(halves), minimum = of.minimum[0];
    if (layout.minimum) minimum = load_halves(halves + 32);
    if (!layout.factors) return (block_scales){{scale}, {minimum}};
    const uint8_t *factors = ck_factors(layout, scales, b);
    const int groups = CK_BLOCK / layout.group;
    for (int g = 0; g < groups; g++) {
        of.scale[g] = _mm512_mul_ps(scale, load_factors(factors + g * CK_LANES));
        if (layout.minimum) of.minimum[g] = _mm512_mul_ps(minimum, load_factors(factors + (groups + g) * CK_LANES));
    }
    return of;
}

CK_INLINE void load_weights(const ck_layout layout, const uint8_t *p, __m512i w[8]) {
    if (!layout.nibbles) {
        for (int g = 0; g < 8; g++) w[g] = _mm512_loadu_si512(p + g * 64);
        return;
    }
    const __m512i low = _mm512_set1_epi8(15);
    for (int g = 0; g < 4; g++) {
        __m512i pair = _mm512_loadu_si512(p + g * 64);
        w[g] = _mm512_and_si512(pair, low);
        w[g + 4] = _mm512_and_si512(_mm512_srli_epi16(pair, 4), low);
    }
    if (!layout.table) return;
    const __m512i table = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)layout.table));
    for (int g = 0; g < 8; g++) w[g] = _mm512_shuffle_epi8(table, w[g]);
}

// Four activations, in every lane.
CK_INLINE __m512i four(const int8_t *x) {
    int32_t bytes;
    memcpy(&bytes, x, 4);
    return _mm512_set1_epi32(bytes);
}

// `total` and what one block of one column adds to it.
CK_INLINE __m512 add_block(const ck_layout layout, const __m512i w[8], const block_scales *of, const int8_t *x,
                           float x_scale, int32_t x_sum, const tile_sum *sums, __m512 total) {
    // Integers are stored from zero upwards: a dot product starts from what that adds.
    __m512i first = _mm512_setzero_si512(), second = first;
    if (layout.group < CK_BLOCK) {
        if (layout.zero) first = _mm512_set1_epi32(sums[0].start), second = _mm512_set1_epi32(sums[1].start);
        for (int g = 0; g < 4; g++) {
            first = _mm512_dpbusd_epi32(first, w[g], four(x + g * 4));
            second = _mm512_dpbusd_epi32(second, w[g + 4], four(x + g * 4 + 16));
        }
        __m512 part = _mm512_mul_ps(_mm512_cvtepi32_ps(first), of->scale[0]);
        part = _mm512_fmadd_ps(_mm512_cvtepi32_ps(second), of->scale[1], part);
        if (layout.minimum) {
            part = _mm512_fmadd_ps(of->minimum[0], _mm512_set1_ps(sums[0].fall), part);
            part = _mm512_fmadd_ps(of->minimum[1], _mm512_set1_ps(sums[1].fall), part);
        }
        return _mm512_fmadd_ps(part, _mm512_set1_ps(x_scale), total);
    }
    if (layout.zero) first = _mm512_set1_epi32(x_sum * -layout.zero);
    for (int g = 0; g < 8; g += 2) {
        first = _mm512_dpbusd_epi32(first, w[g], four(x + g * 4));
        second = _mm512_dpbusd_epi32(second, w[g + 1], four(x + g * 4 + 4));
    }
    __m512 dot = _mm512_cvtepi32_ps(_mm512_add_epi32(first, second));
    total = _mm512_fmadd_ps(dot, _mm512_mul_ps(of->scale[0], _mm512_set1_ps(x_scale)), total);
    if (layout.minimum) total = _mm512_fmadd_ps(of->minimum[0], _mm512_set1_ps(sums[0].fall), total);
    return total;
}

CK_INLINE void tile_by(const ck_type type, const tile_work *t, const int columns) {
    const ck_layout layout = ck_layout_of(type);
    const size_t block_bytes = ck_block_bytes(layout), sums_of_block = sums_per_block(layout);
    __m512 total[TILE_COLUMNS];
    CK_UNROLL
    for (int c = 0; c < columns; c++)
        total[c] = sums_of_block && t->resumes ? _mm512_loadu_ps(t->out + (size_t)c * t->stride) : _mm512_setzero_ps();
    const uint8_t *p = t->values;
    for (size_t b = 0; b < t->blocks; b++, p += block_bytes) {
        // One register for all of these addresses: the compiler would take one for each, and has none left then.
        uintptr_t ahead = (uintptr_t)p + PREFETCH_BYTES;
        __asm__("" : "+r"(ahead));
        for (size_t g = 0; g < block_bytes; g += 64) _mm_prefetch((const char *)(ahead + g), _MM_HINT_T0);
        __m512i w[8];
        load_weights(layout, p, w);
        const block_scales of = load_scales(layout, t->scales, b);
        CK_UNROLL
        for (int c = 0; c < columns; c++) {
            const size_t block = (size_t)c * t->row_blocks + b;
            total[c] = add_block(layout, w, &of, t->x + block * CK_BLOCK, t->x_scales[block], t->x_sums[block],
                                 t->sums + ((size_t)c * t->blocks + b) * sums_of_block, total[c]);
            __asm__ volatile("" : "+v"(total[c])); // keeps the totals in registers instead of on the stack
        }
    }
    CK_UNROLL
    for (int c = 0; c < columns; c++) _mm512_storeu_ps(t->out + (size_t)c * t->stride, total[c]);
}

CK_INLINE void tile_of(const ck_type type, const tile_work *work, int columns) {
    switch (columns) {
    case 1: tile_by(type, work, 1); break;
    case 2: tile_by(type, work, 2); break;
    case 3: tile_by(type, work, 3); break;
    case 4: tile_by(type, work, 4); break;
    case 5: tile_by(type, work, 5); break;
    case 6: tile_by(type, work, 6); break;
    case 7: tile_by(type, work, 7); break;
    default: tile_by(type, work, 8); break;
    }
}

void ck_matmul_quantized_avx512(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    CK_FOR_EACH_LAYOUT(m->type, product_of, m, x, columns, out, stride);
}

#pragma clang attribute pop
#endif
