// Packing of row-major weights into tiles of 16 rows, and the embedding look-up that reads one row back.
#include "kernels.h"
#include "layout.h"
#include "source.h"

#pragma STDC FP_CONTRACT OFF

static size_t padded(size_t rows) { return (rows + CK_LANES - 1) / CK_LANES * CK_LANES; }

size_t ck_value_bytes(ck_type type, size_t rows, size_t cols) {
    switch (type) {
    case CK_F32: return padded(rows) * cols * 4;
    case CK_F16:
    case CK_BF16: return padded(rows) * cols * 2;
    CK_QUANTIZED_TYPES: return padded(rows) / CK_LANES * (cols / CK_BLOCK) * ck_block_bytes(ck_layout_of(type));
    }
    __builtin_unreachable();
}

size_t ck_scale_bytes(ck_type type, size_t rows, size_t cols) {
    switch (type) {
    case CK_F32:
    case CK_F16:
    case CK_BF16: return 0;
    CK_QUANTIZED_TYPES: return padded(rows) / CK_LANES * ck_tile_scale_bytes(ck_layout_of(type), cols / CK_BLOCK);
    }
    __builtin_unreachable();
}

// The integers of one row's block into its tile: each group of four bytes is one store. Q8_0 is signed in files.
CK_INLINE void store_integers(const ck_type type, const uint8_t *integers, uint8_t *block, size_t lane) {
    const size_t groups = ck_block_bytes(ck_layout_of(type)) / 64;
    for (size_t g = 0; g < groups; g++) {
        uint32_t four;
        memcpy(&four, integers + g * 4, 4);
        if (type == CK_Q8_0) four ^= 0x80808080u;
        memcpy(block + g * 64 + lane * 4, &four, 4);
    }
}

// The scales of one row's block or super-block, which is block `b` of the tile.
CK_INLINE void store_scales(const ck_layout layout, const ck_source_scales *from, uint8_t *scales, size_t b,
                            size_t lane) {
    uint8_t *halves = scales + (ck_halves(layout, scales, b) - scales) + lane * 2;
    memcpy(halves, &from->scale, 2);
    if (layout.minimum) memcpy(halves + 32, &from->minimum, 2);
    if (!layout.factors) return;
    const int groups = CK_BLOCK / layout.group;
    for (size_t block = 0; block < CK_SUPER_BLOCKS; block++) {
        uint8_t *to = scales + (ck_factors(layout, scales, b + block) - scales) + lane;
        for (int g = 0; g < groups; g++) {
            to[g * CK_LANES] = (uint8_t)from->factors[(int)block * groups + g];
            if (layout.minimum) to[(groups + g) * CK_LANES] = (uint8_t)from->falls[(int)block * groups + g];
        }
    }
}

CK_INLINE void pack_blocks(const ck_type type, const uint8_t *source, size_t rows, size_t cols, uint8_t *values,
                           uint8_t *scales) {
    const ck_layout layout = ck_layout_of(type);
    const size_t blocks = cols / CK_BLOCK, step = layout.factors ? CK_SUPER_BLOCKS : 1, bytes = ck_source_bytes(type);
    const size_t block_bytes = ck_block_bytes(layout);
    for (size_t row = 0; row < padded(rows); row++) {
        const size_t tile = row / CK_LANES, lane = row % CK_LANES;
        uint8_t *tile_values = values + tile * blocks * block_bytes;
        uint8_t *tile_scales = scales + tile * ck_tile_scale_bytes(layout, blocks);
        for (size_t b = 0; b < blocks; b += step) {
            uint8_t integers[CK_SUPER];
            ck_source_scales of;
            if (row < rows) {
                const uint8_t *block = source + (row * blocks + b) / step * bytes;
                ck_source_integers(type, block, integers);
                ck_source_scales_of(type, block, &of);
            } else { // padding: any weight times a scale of zero
                memset(integers, 0, sizeof integers);
                memset(&of, 0, sizeof of);
            }
            for (size_t i = 0; i < step; i++) {
                uint8_t *to = tile_values + (b + i) * block_bytes;
                store_integers(type, integers + i * block_bytes / CK_LANES, to, lane);
            }
            store_scales(layout, &of, tile_scales, b, lane);
        }
    }
}

// `size` is a constant at each call, so that every copy is one load and one store.
CK_INLINE void pack_floats(const uint8_t *source, size_t rows, size_t cols, const size_t size, uint8_t *values) {
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

void ck_pack(ck_type type, const uint8_t *source, size_t rows, size_t cols, uint8_t *values, uint8_t *scales) {
    switch (type) {
    case CK_F32: pack_floats(source, rows, cols, 4, values); break;
    case CK_F16:
    case CK_BF16: pack_floats(source, rows, cols, 2, values); break;
    case CK_Q8_0: pack_blocks(CK_Q8_0, source, rows, cols, values, scales); break;
    case CK_Q4_0: pack_blocks(CK_Q4_0, source, rows, cols, values, scales); break;
    case CK_Q4_1: pack_blocks(CK_Q4_1, source, rows, cols, values, scales); break;
    case CK_Q5_0: pack_blocks(CK_Q5_0, source, rows, cols, values, scales); break;
    case CK_Q5_1: pack_blocks(CK_Q5_1, source, rows, cols, values, scales); break;
    case CK_Q2_K: pack_blocks(CK_Q2_K, source, rows, cols, values, scales); break;
    case CK_Q3_K: pack_blocks(CK_Q3_K, source, rows, cols, values, scales); break;
    case CK_Q4_K: pack_blocks(CK_Q4_K, source, rows, cols, values, scales); break;
    case CK_Q5_K: pack_blocks(CK_Q5_K, source, rows, cols, values, scales); break;
    case CK_Q6_K: pack_blocks(CK_Q6_K, source, rows, cols, values, scales); break;
    case CK_IQ4_NL: pack_blocks(CK_IQ4_NL, source, rows, cols, values, scales); break;
    case CK_IQ4_XS: pack_blocks(CK_IQ4_XS, source, rows, cols, values, scales); break;
    case CK_MXFP4: pack_blocks(CK_MXFP4, source, rows, cols, values, scales); break;
    }
}

CK_INLINE void unpack_blocks(const ck_type type, const ck_matrix *m, size_t row, float *out) {
    const ck_layout layout = ck_layout_of(type);
    const size_t blocks = m->cols / CK_BLOCK, tile = row / CK_LANES;
    const int lane = (int)(row % CK_LANES);
    const uint8_t *values = m->values + tile * blocks * ck_block_bytes(layout);
    const uint8_t *scales = m->scales + tile * ck_tile_scale_bytes(layout, blocks);
    for (size_t b = 0; b < blocks; b++, values += ck_block_bytes(layout))
        for (int group = 0; group < CK_BLOCK / layout.group; group++) {
            float scale, minimum;
            ck_weight_scale(layout, scales, b, group, lane, &scale, &minimum);
            for (int k = group * layout.group; k < (group + 1) * layout.group; k++) {
                const float weight = scale * (float)ck_weight(layout, values, lane, k);
                *out++ = layout.minimum ? weight + minimum : weight;
            }
        }
}

void ck_unpack_row(const ck_matrix *m, size_t row, float *out) {
    const size_t first = row / CK_LANES * m->cols * CK_LANES + row % CK_LANES;
    switch (m->type) {
    case CK_F32:
        for (size_t k = 0; k < m->cols; k++) memcpy(out + k, m->values + (first + k * CK_LANES) * 4, 4);
        break;
    case CK_F16:
        for (size_t k = 0; k < m->cols; k++)
            out[k] = ck_float_from_half(((const uint16_t *)m->values)[first + k * CK_LANES]);
        break;
    case CK_BF16:
        for (size_t k = 0; k < m->cols; k++) {
            uint32_t bits = ((const uint16_t *)m->values)[first + k * CK_LANES];
            out[k] = ck_float_from_bits(bits << 16);
        }
        break;
    CK_QUANTIZED_TYPES: CK_FOR_EACH_LAYOUT(m->type, unpack_blocks, m, row, out); break;
    }
}
