// The operations between the matrices for AVX-512.
#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if CK_X86
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
                             apply_to = function)
#include "lanes_avx512.h"
#include "ops_vector.h"
#include "ops_attention.h"
#include "ops_recurrent.h"
#include "ops_matmul.h"
#pragma clang attribute pop

const ck_kernels ck_kernels_avx512 = CK_KERNELS(avx512);
#endif
