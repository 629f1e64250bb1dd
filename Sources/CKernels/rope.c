// Rotary position embedding (Su et al., 2021). Compiled once for every machine.
#include "ckernels.h"

#pragma STDC FP_CONTRACT OFF

void ck_rope_pairs(float *x, size_t heads, size_t head_dim, size_t rotated, const float *table) {
    for (size_t head = 0; head < heads; head++, x += head_dim)
        for (size_t i = 0; i < rotated; i += 2) {
            float cosine = table[i], sine = table[i + 1], a = x[i], b = x[i + 1];
            x[i] = a * cosine - b * sine;
            x[i + 1] = a * sine + b * cosine;
        }
}

void ck_rope_halves(float *x, size_t heads, size_t head_dim, size_t rotated, const float *table) {
    for (size_t head = 0; head < heads; head++, x += head_dim)
        for (size_t i = 0; i < rotated / 2; i++) {
            float cosine = table[2 * i], sine = table[2 * i + 1], a = x[i], b = x[i + rotated / 2];
            x[i] = a * cosine - b * sine;
            x[i + rotated / 2] = a * sine + b * cosine;
        }
}
