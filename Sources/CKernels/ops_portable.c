// The operations between the matrices in plain C.
#include "kernels.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#include "lanes_portable.h"
#include "ops_vector.h"
#include "ops_attention.h"
#include "ops_recurrent.h"
#include "ops_matmul.h"

const ck_kernels ck_kernels_portable = CK_KERNELS(portable);
