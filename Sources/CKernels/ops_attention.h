// Attention over KV pages and the matrix products of unquantised weights, over sixteen lanes.

static void kv_write(uint16_t *page, size_t head_dim, size_t slot, const float *key, const float *value) {
    uint16_t *values = page + head_dim * 16 + slot * head_dim;
    for (size_t d = 0; d < head_dim; d += 16) {
        uint16_t halves[16];
        v16_store_half(halves, v16_load(key + d));
        for (size_t i = 0; i < 16; i++) page[(d + i) * 16 + slot] = halves[i];
        v16_store_half(values + d, v16_load(value + d));
    }
}

// Scores of `heads` (1...4, a constant at each call) query heads against every key; returns each head's maximum.
static inline __attribute__((always_inline)) void attention_scores(
    const int heads, const float *query, size_t head_dim, const uint16_t *const *pages, size_t keys, float *scores,
    size_t row, float *maxima) {
    const v16 lowest = v16_all(-INFINITY), scale = v16_all(1.0f / sqrtf((float)head_dim));
    v16 largest[4];
    for (int h = 0; h < heads; h++) largest[h] = lowest;
    for (size_t start = 0; start < keys; start += 16) {
        const uint16_t *page = pages[start / 16];
        v16 dot[4];
        for (int h = 0; h < heads; h++) dot[h] = v16_all(0);
        for (size_t d = 0; d < head_dim; d++) {
            v16 k = v16_load_half(page + d * 16);
            for (int h = 0; h < heads; h++) dot[h] = v16_fma(k, v16_all(query[(size_t)h * head_dim + d]), dot[h]);
        }
        for (int h = 0; h < heads; h++) {
            v16 s = v16_first(keys - start, v16_mul(dot[h], scale), lowest);
            largest[h] = v16_max(s, largest[h]);
            v16_store(scores + (size_t)h * row + start, s);
        }
    }
    for (int h = 0; h < heads; h++) maxima[h] = v16_largest(largest[h]);
}

// Turns a row of scores into exponentials and returns their sum: lanes in page order, then the fixed tree.
static inline float attention_softmax(float *scores, size_t keys, float max) {
    v16 sum = v16_all(0);
    for (size_t start = 0; start < keys; start += 16) {
        v16 e = exponential(v16_sub(v16_load(scores + start), v16_all(max)));
        e = v16_first(keys - start, e, v16_all(0));
        sum = v16_add(sum, e);
        v16_store(scores + start, e);
    }
    return v16_sum(sum);
}

static inline __attribute__((always_inline)) void attention_heads(
    const int heads, const float *query, size_t head_dim, const uint16_t *const *pages, size_t keys, float *scores,
    float *out) {
    const size_t row = (keys + 15) / 16 * 16;
    float maxima[4], inverse[4];
    attention_scores(heads, query, head_dim, pages, keys, scores, row, maxima);
    for (int h = 0; h < heads; h++)
        inverse[h] = 1.0f / attention_softmax(scores + (size_t)h * row, keys, maxima[h]);
    for (size_t d = 0; d < head_dim; d += 16) {
        v16 sum[4];
        for (int h = 0; h < heads; h++) sum[h] = v16_all(0);
        for (size_t t = 0; t < keys; t++) {
            v16 v = v16_load_half(pages[t / 16] + (16 + t % 16) * head_dim + d);
            for (int h = 0; h < heads; h++) sum[h] = v16_fma(v16_all(scores[(size_t)h * row + t]), v, sum[h]);
        }
        for (int h = 0; h < heads; h++)
            v16_store(out + (size_t)h * head_dim + d, v16_mul(sum[h], v16_all(inverse[h])));
    }
}

static void attention(const float *query, size_t group, size_t head_dim, const uint16_t *const *pages, size_t keys,
                      float *scratch, float *out) {
    while (group > 0) { // heads are independent, so how they are grouped changes no bit
        size_t heads = group < 4 ? group : 4;
        switch (heads) {
        case 1: attention_heads(1, query, head_dim, pages, keys, scratch, out); break;
        case 2: attention_heads(2, query, head_dim, pages, keys, scratch, out); break;
        case 3: attention_heads(3, query, head_dim, pages, keys, scratch, out); break;
        default: attention_heads(4, query, head_dim, pages, keys, scratch, out); break;
        }
        query += heads * head_dim;
        out += heads * head_dim;
        group -= heads;
    }
}

static inline __attribute__((always_inline)) v16 load_weights(const ck_type type, const uint8_t *tile, size_t column) {
    switch (type) {
    case CK_F16: return v16_load_half((const uint16_t *)tile + column * 16);
    case CK_BF16: return v16_load_bfloat((const uint16_t *)tile + column * 16);
    default: return v16_load((const float *)tile + column * 16);
    }
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
    default: matmul_of(CK_F32, m, x, x_stride, columns, out, stride); break;
    }
}
