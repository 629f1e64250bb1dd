// Matrix products of unquantised weights, over sixteen lanes.

static inline __attribute__((always_inline)) v16 load_weights(const ck_type type, const uint8_t *tile, size_t column) {
    switch (type) {
    case CK_F16: return v16_load_half((const uint16_t *)tile + column * 16);
    case CK_BF16: return v16_load_bfloat((const uint16_t *)tile + column * 16);
    case CK_F32: return v16_load((const float *)tile + column * 16);
    CK_QUANTIZED_TYPES: break; // they have kernels of their own
    }
    __builtin_unreachable();
}

// One tile by `columns` (1...4). Sums of 32 products are added to the total, which keeps rounding errors small.
static inline __attribute__((always_inline)) void tile_float(
    const ck_type type, const int columns, const uint8_t *tile, size_t cols, const float *x, size_t x_stride,
    float *out, size_t stride) {
    v16 total[4], part[4];
    for (int c = 0; c < columns; c++) total[c] = v16_all(0);
    for (size_t start = 0; start < cols; start += CK_BLOCK) {
        size_t end = cols - start < CK_BLOCK ? cols : start + CK_BLOCK;
        for (int c = 0; c < columns; c++) part[c] = v16_all(0);
        for (size_t k = start; k < end; k++) {
            v16 w = load_weights(type, tile, k);
            for (int c = 0; c < columns; c++) part[c] = v16_fma(w, v16_all(x[(size_t)c * x_stride + k]), part[c]);
        }
        for (int c = 0; c < columns; c++) total[c] = v16_add(total[c], part[c]);
    }
    for (int c = 0; c < columns; c++) v16_store(out + (size_t)c * stride, total[c]);
}

static inline __attribute__((always_inline)) void matmul_of(
    const ck_type type, const ck_matrix *m, const float *x, size_t x_stride, size_t columns, float *out,
    size_t stride) {
    const size_t tile_bytes = m->cols * 16 * (type == CK_F32 ? 4 : 2);
    for (size_t row = 0; row < m->rows; row += 16) {
        const uint8_t *tile = m->values + row / 16 * tile_bytes;
        for (size_t c = 0; c < columns;) {
            const float *xc = x + c * x_stride;
            float *oc = out + c * stride + row;
            switch (columns - c) {
            case 1: tile_float(type, 1, tile, m->cols, xc, x_stride, oc, stride); c += 1; break;
            case 2: tile_float(type, 2, tile, m->cols, xc, x_stride, oc, stride); c += 2; break;
            case 3: tile_float(type, 3, tile, m->cols, xc, x_stride, oc, stride); c += 3; break;
            default: tile_float(type, 4, tile, m->cols, xc, x_stride, oc, stride); c += 4; break;
            }
        }
    }
}

static void matmul_float(const ck_matrix *m, const float *x, size_t x_stride, size_t columns, float *out,
                         size_t stride) {
    switch (m->type) {
    case CK_F16: matmul_of(CK_F16, m, x, x_stride, columns, out, stride); break;
    case CK_BF16: matmul_of(CK_BF16, m, x, x_stride, columns, out, stride); break;
    case CK_F32: matmul_of(CK_F32, m, x, x_stride, columns, out, stride); break;
    CK_QUANTIZED_TYPES: break; // they have kernels of their own
    }
}
