// The loops around the tiles of a quantised product, written once. Included inside a region compiled for an instruction
// set that defines TILE_COLUMNS and `tile_of`.

// What a block or half block of a column adds because of its sum, prepared once instead of for each tile.
typedef union {
    float fall;    // what a minimum is multiplied by
    int32_t start; // where a dot product starts, because integers are stored from zero upwards
} tile_sum;

// One tile by up to TILE_COLUMNS columns, over `blocks` blocks of 32.
typedef struct {
    const uint8_t *values, *scales;
    size_t blocks, row_blocks; // of this part; from one column to the next
    bool resumes;              // `out` holds the totals of the parts before
    const int8_t *x;
    const float *x_scales;
    const int32_t *x_sums;
    const tile_sum *sums; // `sums_per_block` for each block, column after column
    float *out;
    size_t stride;
} tile_work;

CK_INLINE void tile_of(const ck_type type, const tile_work *work, int columns);

// Blocks of a chunk of columns whose sums are kept; with 32 columns each, their activations fit the second-level cache.
enum { CHUNK_BLOCKS = 4096 };

// How many are prepared for a block of a column: none where the sum of the whole block, which is at hand, is enough.
CK_INLINE size_t sums_per_block(const ck_layout layout) {
    return layout.minimum || layout.group < CK_BLOCK ? CK_BLOCK / (size_t)layout.group : 0;
}

// The sums of one column.
CK_INLINE void prepare_sums(const ck_layout layout, const int8_t *x, const float *x_scales, const int32_t *x_sums,
                            size_t blocks, tile_sum *to) {
    for (size_t b = 0; b < blocks; b++, x += CK_BLOCK) {
        if (layout.group == CK_BLOCK) {
            to[b].fall = x_scales[b] * (float)x_sums[b];
            continue;
        }
        int32_t half = 0;
        for (int k = 0; k < CK_BLOCK / 2; k++) half += x[k];
        const int32_t rest = x_sums[b] - half;
        if (layout.minimum) {
            to[b * 2].fall = (float)half;
            to[b * 2 + 1].fall = (float)rest;
        } else {
            to[b * 2].start = half * -layout.zero;
            to[b * 2 + 1].start = rest * -layout.zero;
        }
    }
}

CK_INLINE void product_of(const ck_type type, const ck_matrix *m, ck_activations x, size_t columns, float *out,
                          size_t stride) {
    const ck_layout layout = ck_layout_of(type);
    const size_t blocks = m->cols / CK_BLOCK, tiles = (m->rows + CK_LANES - 1) / CK_LANES;
    const size_t sums_of_block = sums_per_block(layout);
    size_t chunk = CHUNK_BLOCKS / blocks / TILE_COLUMNS * TILE_COLUMNS;
    if (chunk < TILE_COLUMNS) chunk = TILE_COLUMNS;
    // There is room for the sums of a chunk: longer rows go in parts, whose totals wait in `out` for the next.
    size_t part = blocks;
    if (sums_of_block && part > CHUNK_BLOCKS / TILE_COLUMNS) part = CHUNK_BLOCKS / TILE_COLUMNS;
    tile_sum sums[CHUNK_BLOCKS * 2];
    for (size_t start = 0; start < columns; start += chunk) {
        const size_t end = columns - start < chunk ? columns : start + chunk;
        for (size_t first = 0; first < blocks; first += part) {
            const size_t count = blocks - first < part ? blocks - first : part;
            for (size_t c = start; sums_of_block && c < end; c++) {
                const size_t block = c * blocks + first;
                prepare_sums(layout, x.values + block * CK_BLOCK, x.scales + block, x.sums + block, count,
                             sums + (c - start) * count * sums_of_block);
            }
            for (size_t tile = 0; tile < tiles; tile++)
                for (size_t c = start; c < end; c += TILE_COLUMNS) {
                    const size_t block = c * blocks + first;
                    const tile_work work = {
                        .values = m->values + (tile * blocks + first) * ck_block_bytes(layout),
                        .scales = m->scales + tile * ck_tile_scale_bytes(layout, blocks) +
                                  ck_tile_scale_bytes(layout, first),
                        .blocks = count,
                        .row_blocks = blocks,
                        .resumes = first > 0,
                        .x = x.values + block * CK_BLOCK,
                        .x_scales = x.scales + block,
                        .x_sums = x.sums + block,
                        .sums = sums + (c - start) * count * sums_of_block,
                        .out = out + c * stride + tile * CK_LANES,
                        .stride = stride,
                    };
                    tile_of(type, &work, end - c < TILE_COLUMNS ? (int)(end - c) : TILE_COLUMNS);
                }
        }
    }
}
