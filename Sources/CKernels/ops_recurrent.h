// Layers whose memory is a state instead of pages, over sixteen lanes: lanes are channels or values, never summed.

static void short_convolution(float *history, const float *taps, float *x, size_t channels, size_t count) {
    for (size_t i = 0; i < channels; i += 16) {
        const size_t n = channels - i;
        const v16 now = load_part(x + i, n);
        v16 sum = v16_all(0);
        for (size_t t = 0; t + 1 < count; t++) {
            v16 then = load_part(history + t * channels + i, n);
            sum = v16_fma(then, load_part(taps + t * channels + i, n), sum);
            if (t > 0) store_part(history + (t - 1) * channels + i, n, then);
        }
        sum = v16_fma(now, load_part(taps + (count - 1) * channels + i, n), sum);
        store_part(history + (count - 2) * channels + i, n, now);
        store_part(x + i, n, gated(sum, sum));
    }
}

static void delta_step(float *state, size_t n, const float *query, const float *key, const float *value, float decay,
                       float beta, float *out) {
    for (size_t v = 0; v < n; v += 16) {
        v16 known = v16_all(0), sum = v16_all(0);
        for (size_t k = 0; k < n; k++) {
            v16 s = v16_mul(v16_load(state + k * n + v), v16_all(decay));
            known = v16_fma(s, v16_all(key[k]), known);
            v16_store(state + k * n + v, s);
        }
        const v16 change = v16_mul(v16_sub(v16_load(value + v), known), v16_all(beta));
        for (size_t k = 0; k < n; k++) {
            v16 s = v16_fma(change, v16_all(key[k]), v16_load(state + k * n + v));
            sum = v16_fma(s, v16_all(query[k]), sum);
            v16_store(state + k * n + v, s);
        }
        v16_store(out + v, sum);
    }
}
