// Quantised matrix product in plain C: the specification of the other two. Loops run over the 16 rows of a tile
// innermost, so that a compiler can use whatever vectors the target has.
#include "half.h"
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

// The weights of one block of a tile as signed numbers, column after column.
static void unpack(ck_type type, const uint8_t *values, int16_t weights[CK_BLOCK][CK_LANES]) {
    if (type == CK_Q8) {
        for (int k = 0; k < 32; k++)
            for (int lane = 0; lane < CK_LANES; lane++)
                weights[k][lane] = (int16_t)(values[k / 4 * 64 + k % 4 + lane * 4] - 128);
    } else {
        for (int k = 0; k < 16; k++)
            for (int lane = 0; lane < CK_LANES; lane++) {
                uint8_t pair = values[k / 4 * 64 + k % 4 + lane * 4];
                weights[k][lane] = (int16_t)((pair & 15) - 8);
                weights[k + 16][lane] = (int16_t)((pair >> 4) - 8);
            }
    }
}

void ck_matmul_quantized_portable(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    const size_t block_bytes = m->type == CK_Q8 ? 512 : 256;
    for (size_t tile = 0; tile < tiles; tile++) {
        float *rows = out + tile * CK_LANES;
        for (size_t c = 0; c < columns; c++)
            for (int lane = 0; lane < CK_LANES; lane++) rows[c * stride + lane] = 0;
        for (size_t b = 0; b < blocks; b++) {
            int16_t weights[CK_BLOCK][CK_LANES];
            float scales[CK_LANES];
            unpack(m->type, m->values + (tile * blocks + b) * block_bytes, weights);
            for (int lane = 0; lane < CK_LANES; lane++)
                scales[lane] = ck_float_from_half(m->scales[(tile * blocks + b) * CK_LANES + lane]);
            for (size_t c = 0; c < columns; c++) {
                const int8_t *values = x.values + (c * blocks + b) * CK_BLOCK;
                const float scale = x.scales[c * blocks + b];
                int32_t dots[CK_LANES] = {0};
                for (int k = 0; k < CK_BLOCK; k++)
                    for (int lane = 0; lane < CK_LANES; lane++) dots[lane] += weights[k][lane] * values[k];
                for (int lane = 0; lane < CK_LANES; lane++) {
                    float *total = rows + c * stride + lane;
                    *total = __builtin_fmaf((float)dots[lane], scales[lane] * scale, *total);
                }
            }
        }
    }
}
