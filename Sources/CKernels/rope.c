// Rotary position embedding of interleaved pairs (Su et al., 2021). Compiled once for every machine.
#include "ckernels.h"

#pragma STDC FP_CONTRACT OFF

void ck_rope(float *x, size_t heads, size_t head_dim, const float *table) {
    for (size_t head = 0; head < heads; head++, x += head_dim)
        for (size_t i = 0; i < head_dim; i += 2) {
            float cosine = table[i], sine = table[i + 1], a = x[i], b = x[i + 1];
            x[i] = a * cosine - b * sine;
            x[i + 1] = a * sine + b * cosine;
        }
}
