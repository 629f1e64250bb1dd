// Packing of row-major weights into tiles of 16 rows, and the embedding look-up that reads one row back.
#include "half.h"
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

static size_t padded(size_t rows) { return (rows + CK_LANES - 1) / CK_LANES * CK_LANES; }

size_t ck_value_bytes(ck_type type, size_t rows, size_t cols) {
    switch (type) {
    case CK_Q8: return padded(rows) * cols;
    case CK_Q4: return padded(rows) * cols / 2;
    case CK_F32: return padded(rows) * cols * 4;
    case CK_F16:
    case CK_BF16: return padded(rows) * cols * 2;
    }
    __builtin_unreachable();
}

size_t ck_scale_bytes(ck_type type, size_t rows, size_t cols) {
    switch (type) {
    case CK_Q8:
    case CK_Q4: return padded(rows) * (cols / CK_BLOCK) * 2;
    case CK_F32:
    case CK_F16:
    case CK_BF16: return 0;
    }
    __builtin_unreachable();
}

// Four weights at a time; `flip` turns the signed bytes of Q8_0 into unsigned ones.
static void pack_blocks(const uint8_t *source, size_t rows, size_t cols, size_t groups, uint32_t flip, uint8_t *values,
                        uint16_t *scales) {
    const size_t blocks = cols / CK_BLOCK, block_bytes = 2 + groups * 4;
    for (size_t row = 0; row < padded(rows); row++) {
        const size_t tile = row / CK_LANES, lane = row % CK_LANES;
        for (size_t b = 0; b < blocks; b++) {
            uint8_t *to = values + (tile * blocks + b) * groups * 64 + lane * 4;
            uint16_t *scale = scales + (tile * blocks + b) * CK_LANES + lane;
            if (row >= rows) { // padding: any weight times a scale of zero
                *scale = 0;
                for (size_t g = 0; g < groups; g++) memset(to + g * 64, 0, 4);
                continue;
            }
            const uint8_t *from = source + (row * blocks + b) * block_bytes;
            memcpy(scale, from, 2);
            for (size_t g = 0; g < groups; g++) {
                uint32_t four;
                memcpy(&four, from + 2 + g * 4, 4);
                four ^= flip;
                memcpy(to + g * 64, &four, 4);
            }
        }
    }
}

// `size` is a constant at each call, so that every copy is one load and one store.
static inline __attribute__((always_inline)) void pack_floats(
    const uint8_t *source, size_t rows, size_t cols, const size_t size, uint8_t *values) {
    for (size_t row = 0; row < padded(rows); row++) {
        uint8_t *to = values + (row / CK_LANES * cols * CK_LANES + row % CK_LANES) * size;
        for (size_t k = 0; k < cols; k++, to += CK_LANES * size) {
            if (row < rows)
                memcpy(to, source + (row * cols + k) * size, size);
            else
                memset(to, 0, size);
        }
    }
}

void ck_pack(ck_type type, const uint8_t *source, size_t rows, size_t cols, uint8_t *values, uint16_t *scales) {
    switch (type) {
    case CK_Q8: pack_blocks(source, rows, cols, 8, 0x80808080u, values, scales); break;
    case CK_Q4: pack_blocks(source, rows, cols, 4, 0, values, scales); break;
    case CK_F32: pack_floats(source, rows, cols, 4, values); break;
    case CK_F16:
    case CK_BF16: pack_floats(source, rows, cols, 2, values); break;
    }
}

void ck_unpack_row(const ck_matrix *m, size_t row, float *out) {
    const size_t tile = row / CK_LANES, lane = row % CK_LANES, blocks = m->cols / CK_BLOCK;
    switch (m->type) {
    case CK_Q8:
        for (size_t b = 0; b < blocks; b++, out += CK_BLOCK) {
            const uint8_t *from = m->values + (tile * blocks + b) * 512 + lane * 4;
            float scale = ck_float_from_half(m->scales[(tile * blocks + b) * CK_LANES + lane]);
            for (int k = 0; k < CK_BLOCK; k++) out[k] = scale * (float)((int)from[k / 4 * 64 + k % 4] - 128);
        }
        break;
    case CK_Q4:
        for (size_t b = 0; b < blocks; b++, out += CK_BLOCK) {
            const uint8_t *from = m->values + (tile * blocks + b) * 256 + lane * 4;
            float scale = ck_float_from_half(m->scales[(tile * blocks + b) * CK_LANES + lane]);
            for (int k = 0; k < 16; k++) {
                uint8_t pair = from[k / 4 * 64 + k % 4];
                out[k] = scale * (float)((pair & 15) - 8);
                out[k + 16] = scale * (float)((pair >> 4) - 8);
            }
        }
        break;
    case CK_F32:
        for (size_t k = 0; k < m->cols; k++)
            out[k] = ((const float *)m->values)[(tile * m->cols + k) * CK_LANES + lane];
        break;
    case CK_F16:
        for (size_t k = 0; k < m->cols; k++)
            out[k] = ck_float_from_half(((const uint16_t *)m->values)[(tile * m->cols + k) * CK_LANES + lane]);
        break;
    case CK_BF16:
        for (size_t k = 0; k < m->cols; k++) {
            uint32_t bits = ((const uint16_t *)m->values)[(tile * m->cols + k) * CK_LANES + lane];
            out[k] = ck_float_from_bits(bits << 16);
        }
        break;
    }
}
