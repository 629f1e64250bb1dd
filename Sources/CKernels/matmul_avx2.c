// Quantised matrix product for AVX2: half a tile (8 rows) by up to 4 columns at a time.
#include "kernels.h"
#include "layout.h"

#if CK_X86
#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define TILE_COLUMNS 4
#include "matmul_tiles.h"

// Scales (and minima) of the groups of a block, for 8 rows.
typedef struct {
    __m256 scale[2], minimum[2];
} block_scales;

CK_INLINE __m256i load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

CK_INLINE __m256 load_halves(const uint8_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }

CK_INLINE __m256 load_factors(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}

CK_INLINE block_scales load_scales(const ck_layout layout, const uint8_t *scales, size_t b, size_t lane) {
    block_scales of = {{_mm256_setzero_ps()}, {_mm256_setzero_ps()}};
    const uint8_t *halves = ck_halves(layout, scales, b) + lane * 2;
    if (layout.powers) {
        __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)halves));
        of.scale[0] = _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
        return of;
    }
    __m256 scale = load_halves(halves), minimum = of.minimum[0];
    if (layout.minimum) minimum = load_halves(halves + 32);
    if (!layout.factors) return (block_scales){{scale}, {minimum}};
    const uint8_t *factors = ck_factors(layout, scales, b) + lane;
    const int groups = CK_BLOCK / layout.group;
    for (int g = 0; g < groups; g++) {
        of.scale[g] = _mm256_mul_ps(scale, load_factors(factors + g * CK_LANES));
        if (layout.minimum) of.minimum[g] = _mm256_mul_ps(minimum, load_factors(factors + (groups + g) * CK_LANES));
    }
    return of;
}

// True where the stored integers are below 128, so that pairs of products fit 16 bits as they are.
CK_INLINE bool small(const ck_layout layout) { return layout.zero < 128; }

// The integers as they are stored where they are small, else less what stands for 0.
CK_INLINE void load_weights(const ck_layout layout, const uint8_t *p, __m256i w[8]) {
    const __m256i top = _mm256_set1_epi8((char)0x80), low = _mm256_set1_epi8(15);
    if (!layout.nibbles) {
        for (int g = 0; g < 8; g++) w[g] = small(layout) ? load(p + g * 64) : _mm256_xor_si256(load(p + g * 64), top);
        return;
    }
    for (int g = 0; g < 4; g++) {
        __m256i pair = load(p + g * 64);
        w[g] = _mm256_and_si256(pair, low);
        w[g + 4] = _mm256_and_si256(_mm256_srli_epi16(pair, 4), low);
    }
    if (!layout.table) return;
    __m128i table = _mm_loadu_si128((const __m128i *)layout.table);
    if (!small(layout)) table = _mm_xor_si128(table, _mm256_castsi256_si128(top));
    for (int g = 0; g < 8; g++) w[g] = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), w[g]);
}

// Dot products of `count` groups of 4 bytes in each 32-bit lane, all exact.
CK_INLINE __m256i dot(const ck_layout layout, const __m256i *w, const int8_t *x, const int count) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sum = _mm256_setzero_si256(), pairs = sum;
    for (int g = 0; g < count; g++) {
        int32_t bytes;
        memcpy(&bytes, x + g * 4, 4);
        const __m256i four = _mm256_set1_epi32(bytes);
        if (!small(layout)) { // |w| <= 128 and |x| <= 127: two products fit 16 bits, four do not
            pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w[g]), _mm256_sign_epi8(four, w[g]));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
        } else if (layout.nibbles && !layout.table) { // 16 products of 15 * 127 fit 16 bits: widened once
            pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(w[g], four));
        } else { // 4 products of 63 * 127 fit 16 bits
            const __m256i two = _mm256_maddubs_epi16(w[g], four);
            pairs = g % 2 ? _mm256_add_epi16(pairs, two) : two;
            if (g % 2) sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
        }
    }
    return small(layout) && layout.nibbles && !layout.table ? _mm256_madd_epi16(pairs, ones) : sum;
}

// `total` and what one block of one column adds to it.
CK_INLINE __m256 add_block(const ck_layout layout, const __m256i w[8], const block_scales *of, const int8_t *x,
                           float x_scale, int32_t x_sum, const tile_sum *sums, __m256 total) {
    const bool corrects = layout.zero && small(layout);
    if (layout.group < CK_BLOCK) {
        __m256i first = dot(layout, w, x, 4), second = dot(layout, w + 4, x + 16, 4);
        if (corrects) {
            first = _mm256_add_epi32(first, _mm256_set1_epi32(sums[0].start));
            second = _mm256_add_epi32(second, _mm256_set1_epi32(sums[1].start));
        }
        __m256 part = _mm256_mul_ps(_mm256_cvtepi32_ps(first), of->scale[0]);
        part = _mm256_fmadd_ps(_mm256_cvtepi32_ps(second), of->scale[1], part);
        if (layout.minimum) {
            part = _mm256_fmadd_ps(of->minimum[0], _mm256_set1_ps(sums[0].fall), part);
            part = _mm256_fmadd_ps(of->minimum[1], _mm256_set1_ps(sums[1].fall), part);
        }
        return _mm256_fmadd_ps(part, _mm256_set1_ps(x_scale), total);
    }
    __m256i whole = dot(layout, w, x, 8);
    if (corrects) whole = _mm256_add_epi32(whole, _mm256_set1_epi32(x_sum * -layout.zero));
    const __m256 scale = _mm256_mul_ps(of->scale[0], _mm256_set1_ps(x_scale));
    total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole), scale, total);
    if (layout.minimum) total = _mm256_fmadd_ps(of->minimum[0], _mm256_set1_ps(sums[0].fall), total);
    return total;
}

// Rows `lane`..<`lane + 8` of the tile.
CK_INLINE void half_tile(const ck_type type, const tile_work *t, const size_t lane, const int columns) {
    const ck_layout layout = ck_layout_of(type);
    const size_t sums_of_block = sums_per_block(layout);
    __m256 total[TILE_COLUMNS];
    CK_UNROLL
    for (int c = 0; c < columns; c++)
        total[c] = sums_of_block && t->resumes ? _mm256_loadu_ps(t->out + (size_t)c * t->stride + lane)
                                                       : _mm256_setzero_ps();
    for (size_t b = 0; b < t->blocks; b++) {
        __m256i w[8];
        load_weights(layout, t->values + b * ck_block_bytes(layout) + lane * 4, w);
        const block_scales of = load_scales(layout, t->scales, b, lane);
        CK_UNROLL
        for (int c = 0; c < columns; c++) {
            const size_t block = (size_t)c * t->row_blocks + b;
            total[c] = add_block(layout, w, &of, t->x + block * CK_BLOCK, t->x_scales[block], t->x_sums[block],
                                 t->sums + ((size_t)c * t->blocks + b) * sums_of_block, total[c]);
        }
    }
    CK_UNROLL
    for (int c = 0; c < columns; c++) _mm256_storeu_ps(t->out + (size_t)c * t->stride + lane, total[c]);
}

CK_INLINE void tile_of(const ck_type type, const tile_work *work, int columns) {
    for (size_t lane = 0; lane < CK_LANES; lane += 8)
        switch (columns) {
        case 1: half_tile(type, work, lane, 1); break;
        case 2: half_tile(type, work, lane, 2); break;
        case 3: half_tile(type, work, lane, 3); break;
        default: half_tile(type, work, lane, 4); break;
        }
}

void ck_matmul_quantized_avx2(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    CK_FOR_EACH_LAYOUT(m->type, product_of, m, x, columns, out, stride);
}

#pragma clang attribute pop
#endif
