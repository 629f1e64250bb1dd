// The operations between the matrices for AVX2, FMA and F16C.
#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if CK_X86
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "lanes_avx2.h"
#include "ops_vector.h"
#include "ops_attention.h"
#include "ops_matmul.h"
#pragma clang attribute pop

const ck_kernels ck_kernels_avx2 = {
    .quantize = quantize,
    .matmul_quantized = ck_matmul_quantized_avx2,
    .matmul_float = matmul_float,
    .rmsnorm = rmsnorm,
    .add = add,
    .silu_mul = silu_mul,
    .kv_write = kv_write,
    .attention = attention,
    .logits_stats = logits_stats,
    .exp_shifted = exp_shifted,
};
#endif
