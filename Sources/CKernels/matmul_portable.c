// Quantised matrix product in plain C: the specification of the other two.
#include "half.h"
#include "kernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// Integer dot product of one row of a tile's block (`weights` points at its lane) with 32 activations.
static int32_t dot_q8(const uint8_t *weights, const int8_t *x) {
    int32_t sum = 0;
    for (int k = 0; k < 32; k++) sum += ((int)weights[k / 4 * 64 + k % 4] - 128) * x[k];
    return sum;
}

static int32_t dot_q4(const uint8_t *weights, const int8_t *x) {
    int32_t sum = 0;
    for (int k = 0; k < 16; k++) {
        uint8_t pair = weights[k / 4 * 64 + k % 4];
        sum += ((pair & 15) - 8) * x[k] + ((pair >> 4) - 8) * x[k + 16];
    }
    return sum;
}

void ck_matmul_quantized_portable(const ck_matrix *m, ck_activations x, size_t columns, float *out, size_t stride) {
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    const size_t block_bytes = m->type == CK_Q8 ? 512 : 256;
    for (size_t tile = 0; tile < tiles; tile++)
        for (size_t c = 0; c < columns; c++)
            for (size_t lane = 0; lane < CK_LANES; lane++) {
                float total = 0;
                for (size_t b = 0; b < blocks; b++) {
                    const uint8_t *weights = m->values + (tile * blocks + b) * block_bytes + lane * 4;
                    const int8_t *values = x.values + (c * blocks + b) * CK_BLOCK;
                    int32_t dot = m->type == CK_Q8 ? dot_q8(weights, values) : dot_q4(weights, values);
                    float scale = ck_float_from_half(m->scales[(tile * blocks + b) * CK_LANES + lane]);
                    total = fmaf((float)dot, scale * x.scales[c * blocks + b], total);
                }
                out[c * stride + tile * CK_LANES + lane] = total;
            }
}
