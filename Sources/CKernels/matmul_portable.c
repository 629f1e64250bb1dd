// Quantised matrix product in plain C: the specification of the other two. Loops run over the 16 rows of a tile
// innermost, so that a compiler can use whatever vectors the target has.
#include "kernels.h"
#include "layout.h"

#pragma STDC FP_CONTRACT OFF

// One block of a tile by one column: what it adds to the 16 totals.
CK_INLINE void add_block(const ck_layout layout, int16_t weights[CK_BLOCK][CK_LANES], float scales[2][CK_LANES],
                         float minima[2][CK_LANES], const int8_t *x, float x_scale, float *totals) {
    const int groups = CK_BLOCK / layout.group;
    int32_t dots[2][CK_LANES] = {{0}}, sums[2] = {0};
    for (int k = 0; k < CK_BLOCK; k++) {
        const int group = k / layout.group;
        sums[group] += x[k];
        for (int lane = 0; lane < CK_LANES; lane++) dots[group][lane] += weights[k][lane] * x[k];
    }
    for (int lane = 0; lane < CK_LANES; lane++) {
        if (groups == 1) {
            totals[lane] = __builtin_fmaf((float)dots[0][lane], scales[0][lane] * x_scale, totals[lane]);
            if (layout.minimum)
                totals[lane] = __builtin_fmaf(minima[0][lane], x_scale * (float)sums[0], totals[lane]);
        } else {
            float part = (float)dots[0][lane] * scales[0][lane];
            part = __builtin_fmaf((float)dots[1][lane], scales[1][lane], part);
            if (layout.minimum) {
                part = __builtin_fmaf(minima[0][lane], (float)sums[0], part);
                part = __builtin_fmaf(minima[1][lane], (float)sums[1], part);
            }
            totals[lane] = __builtin_fmaf(part, x_scale, totals[lane]);
        }
    }
}

CK_INLINE void product_of(const ck_type type, const ck_matrix *m, ck_activations x, size_t columns, float *out,
                          size_t stride) {
    const ck_layout layout = ck_layout_of(type);
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    for (size_t tile = 0; tile < tiles; tile++) {
        const uint8_t *values = m->values + tile * blocks * ck_block_bytes(layout);
        const uint8_t *tile_scales = m->scales + tile * ck_tile_scale_bytes(layout, blocks);
        float *rows = out + tile * CK_LANES;
        for (size_t c = 0; c < columns; c++)
            for (int lane = 0; lane < CK_LANES; lane++) rows[c * stride + (size_t)lane] = 0;
        for (size_t b = 0; b < blocks; b++, values += ck_block_bytes(layout)) {
            int16_t weights[CK_BLOCK][CK_LANES];
            float scales[2][CK_LANES], minima[2][CK_LANES];
            for (int k = 0; k < CK_BLOCK; k++)
                for (int lane = 0; lane < CK_LANES; lane++)
                    weights[k][lane] = (int16_t)ck_weight(layout, values, lane, k);
            for (int group = 0; group < CK_BLOCK / layout.group; group++)
                for (int lane = 0; lane < CK_LANES; lane++)
                    ck_weight_scale(layout, tile_scales, b, group, lane, &scales[group][lane], &minima[group][lane]);
            for (size_t c = 0; c < columns; c++) {
                const size_t block = c * blocks + b;
                add_block(layout, weights, scales, minima, x.values + block * CK_BLOCK, x.scales[block],
                          rows + c * stride);
            }
        }
    }
}

void ck_matmul_quantized_portable(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    CK_FOR_EACH_LAYOUT(m->type, product_of, m, x, columns, out, stride);
}
