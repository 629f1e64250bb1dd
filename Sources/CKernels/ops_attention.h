// Attention over KV pages, over sixteen lanes.

// Sixteen numbers of a page, starting at its `index`-th.
static inline __attribute__((always_inline)) v16 load_cached(const ck_cache cache, const void *page, size_t index) {
    if (cache == CK_CACHE_F32) return v16_load((const float *)page + index);
    return v16_load_half((const uint16_t *)page + index);
}

static void kv_write(ck_cache cache, void *page, size_t head_dim, size_t slot, const float *key, const float *value) {
    const size_t values = (16 + slot) * head_dim;
    if (cache == CK_CACHE_F32) {
        float *to = page;
        for (size_t d = 0; d < head_dim; d++) to[d * 16 + slot] = key[d];
        memcpy(to + values, value, head_dim * sizeof(float));
        return;
    }
    uint16_t *to = page;
    for (size_t d = 0; d < head_dim; d += 16) {
        uint16_t halves[16];
        v16_store_half(halves, v16_load(key + d));
        for (size_t i = 0; i < 16; i++) to[(d + i) * 16 + slot] = halves[i];
        v16_store_half(to + values + d, v16_load(value + d));
    }
}

// Scores of `heads` (1...4, a constant at each call) query heads against every key; returns each head's maximum.
static inline __attribute__((always_inline)) void attention_scores(
    const ck_cache cache, const int heads, const float *query, size_t head_dim, const void *const *pages, size_t keys,
    const ck_attention_rules rules, float *scores, size_t row, float *maxima) {
    const v16 lowest = v16_all(-INFINITY), scale = v16_all(rules.scale);
    v16 largest[4];
    for (int h = 0; h < heads; h++) largest[h] = lowest;
    for (size_t start = 0; start < keys; start += 16) {
        const void *page = pages[start / 16];
        v16 dot[4];
        for (int h = 0; h < heads; h++) dot[h] = v16_all(0);
        for (size_t d = 0; d < head_dim; d++) {
            v16 k = load_cached(cache, page, d * 16);
            for (int h = 0; h < heads; h++) dot[h] = v16_fma(k, v16_all(query[(size_t)h * head_dim + d]), dot[h]);
        }
        for (int h = 0; h < heads; h++) {
            v16 s = v16_mul(dot[h], scale);
            if (rules.cap > 0) s = capped(s, rules.cap);
            s = v16_first(keys - start, s, lowest);
            if (start == 0 && rules.first > 0) s = v16_first(rules.first, lowest, s);
            largest[h] = v16_max(s, largest[h]);
            v16_store(scores + (size_t)h * row + start, s);
        }
    }
    for (int h = 0; h < heads; h++) maxima[h] = v16_largest(largest[h]);
}

// Turns a row of scores into exponentials and returns their sum: lanes in page order, then the fixed tree.
static inline __attribute__((always_inline)) float attention_softmax(float *scores, size_t first, size_t keys,
                                                                     float max) {
    v16 sum = v16_all(0);
    for (size_t start = 0; start < keys; start += 16) {
        v16 e = exponential(v16_sub(v16_load(scores + start), v16_all(max)));
        e = v16_first(keys - start, e, v16_all(0));
        if (start == 0 && first > 0) e = v16_first(first, v16_all(0), e);
        sum = v16_add(sum, e);
        v16_store(scores + start, e);
    }
    return v16_sum(sum);
}

static inline __attribute__((always_inline)) void attention_heads(
    const ck_cache cache, const int heads, const float *query, size_t head_dim, const void *const *pages, size_t keys,
    const ck_attention_rules rules, float *scores, float *out) {
    const size_t row = (keys + 15) / 16 * 16;
    float maxima[4], inverse[4];
    attention_scores(cache, heads, query, head_dim, pages, keys, rules, scores, row, maxima);
    for (int h = 0; h < heads; h++) {
        float max = maxima[h];
        if (rules.sinks && rules.sinks[h] > max) max = rules.sinks[h];
        float sum = attention_softmax(scores + (size_t)h * row, rules.first, keys, max);
        if (rules.sinks) { // the last of the sum; one of sixteen lanes that are the same
            float sink[16];
            v16_store(sink, exponential(v16_all(rules.sinks[h] - max)));
            sum += sink[0];
        }
        inverse[h] = 1.0f / sum;
    }
    for (size_t d = 0; d < head_dim; d += 16) {
        v16 sum[4];
        for (int h = 0; h < heads; h++) sum[h] = v16_all(0);
        for (size_t t = rules.first; t < keys; t++) {
            v16 v = load_cached(cache, pages[t / 16], (16 + t % 16) * head_dim + d);
            for (int h = 0; h < heads; h++) sum[h] = v16_fma(v16_all(scores[(size_t)h * row + t]), v, sum[h]);
        }
        for (int h = 0; h < heads; h++)
            v16_store(out + (size_t)h * head_dim + d, v16_mul(sum[h], v16_all(inverse[h])));
    }
}

static inline __attribute__((always_inline)) void attention_of(
    const ck_cache cache, const float *query, size_t group, size_t head_dim, const void *const *pages, size_t keys,
    ck_attention_rules rules, float *scratch, float *out) {
    while (group > 0) { // heads are independent, so how they are grouped changes no bit
        size_t heads = group < 4 ? group : 4;
        switch (heads) {
        case 1: attention_heads(cache, 1, query, head_dim, pages, keys, rules, scratch, out); break;
        case 2: attention_heads(cache, 2, query, head_dim, pages, keys, rules, scratch, out); break;
        case 3: attention_heads(cache, 3, query, head_dim, pages, keys, rules, scratch, out); break;
        default: attention_heads(cache, 4, query, head_dim, pages, keys, rules, scratch, out); break;
        }
        query += heads * head_dim;
        out += heads * head_dim;
        group -= heads;
        if (rules.sinks) rules.sinks += heads;
    }
}

static __attribute__((noinline)) void attention_ruled(
    ck_cache cache, const float *query, size_t group, size_t head_dim, const void *const *pages, size_t keys,
    const ck_attention_rules *rules, float *scratch, float *out) {
    if (cache == CK_CACHE_F32)
        attention_of(CK_CACHE_F32, query, group, head_dim, pages, keys, *rules, scratch, out);
    else
        attention_of(CK_CACHE_F16, query, group, head_dim, pages, keys, *rules, scratch, out);
}

// Most models scale scores and do no more: for them all other rules are constants and cost nothing.
static void attention(ck_cache cache, const float *query, size_t group, size_t head_dim, const void *const *pages,
                      size_t keys, const ck_attention_rules *rules, float *scratch, float *out) {
    const ck_attention_rules plain = {.scale = rules->scale};
    if (rules->cap > 0 || rules->sinks || rules->first > 0)
        attention_ruled(cache, query, group, head_dim, pages, keys, rules, scratch, out);
    else if (cache == CK_CACHE_F32)
        attention_of(CK_CACHE_F32, query, group, head_dim, pages, keys, plain, scratch, out);
    else
        attention_of(CK_CACHE_F16, query, group, head_dim, pages, keys, plain, scratch, out);
}
