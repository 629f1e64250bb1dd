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
#include "ops_recurrent.h"
#include "ops_matmul.h"
#pragma clang attribute pop

const ck_kernels ck_kernels_avx2 = CK_KERNELS(avx2);
#endif
