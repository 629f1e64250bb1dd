// The operations between the matrices in plain C.
#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#include "lanes_portable.h"
#include "ops_vector.h"
#include "ops_attention.h"
#include "ops_matmul.h"

const ck_kernels ck_kernels_portable = {
    .quantize = quantize,
    .matmul_quantized = ck_matmul_quantized_portable,
    .matmul_float = matmul_float,
    .rmsnorm = rmsnorm,
    .add = add,
    .silu_mul = silu_mul,
    .kv_write = kv_write,
    .attention = attention,
    .logits_stats = logits_stats,
    .exp_shifted = exp_shifted,
};
