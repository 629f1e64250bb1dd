import CKernels

/// One token of a batch: which sequence it belongs to, where in it, and whether its logits are wanted.
struct BatchRow {
    let token: Int
    let sequence: TokenSequence
    let position: Int
    let wantsLogits: Bool
}

/// Runs batches of tokens of any sequences through a model, and owns the memory for that. One thread uses it at a time.
///
/// What a row gives depends on the tokens of its own sequence only: not on the other rows of the batch, on how a prompt
/// is cut into batches, or on the instruction set.
final class ForwardPass {
    let model: LanguageModel
    let pages: KVPages
    let maxRows: Int
    private let isa: ck_isa
    private let buffers: ForwardBuffers

    /// - Parameters:
    ///   - maxRows: most rows of a batch.
    ///   - pageCount: pages of 16 tokens of the key-value cache.
    /// - Throws: `InferenceError.unavailable` or `outOfMemory`.
    init(_ model: LanguageModel, maxRows: Int, pageCount: Int, instructions: InstructionSet) throws(InferenceError) {
        guard instructions.isAvailable else { throw .unavailable(instructions) }
        self.model = model
        self.maxRows = maxRows
        isa = instructions.kernels
        pages = try KVPages(model, pageCount: pageCount)
        buffers = try ForwardBuffers(model.description, maxRows: maxRows, contextLength: model.contextLength)
    }

    /// Runs the rows. Rows of one sequence are in order of position, each following what the sequence already holds;
    /// there are at most `maxRows`. `logits` then gives those of the rows that want them, in order.
    ///
    /// - Throws: `InferenceError.tokenOutOfRange`, `promptTooLong` or `outOfPages`.
    func run(_ rows: [BatchRow]) throws(InferenceError) {
        precondition(rows.count <= maxRows)
        let shape = model.description
        for row in rows {
            guard row.token >= 0, row.token < shape.vocabularySize else {
                throw .tokenOutOfRange(id: row.token, vocabularySize: shape.vocabularySize)
            }
            guard row.position < model.contextLength else {
                throw .promptTooLong(tokens: row.position + 1, contextLength: model.contextLength)
            }
            try pages.extend(row.sequence, to: row.position + 1)
        }
        for (index, row) in rows.enumerated() {
            model.embedding.unpack(row: row.token, to: buffers.residual + index * shape.width)
        }
        var rows = rows
        for (index, layer) in model.layers.enumerated() {
            project(rows, layer, index)
            if index == model.layers.count - 1 { dropUnread(&rows) }
            attend(rows, layer, index)
            feedForward(rows.count, layer)
        }
        computeLogits(rows.count)
    }

    /// Ends the rows whose logits nobody wants: what comes after their last keys and values is never read.
    private func dropUnread(_ rows: inout [BatchRow]) {
        let (width, queryWidth) = (model.description.width, model.description.queryWidth)
        var count = 0
        for (index, row) in rows.enumerated() where row.wantsLogits {
            if count < index {
                buffers.residual.advanced(by: count * width)
                    .update(from: buffers.residual + index * width, count: width)
                buffers.query.advanced(by: count * queryWidth)
                    .update(from: buffers.query + index * queryWidth, count: queryWidth)
            }
            count += 1
        }
        if count < rows.count { rows.removeAll { !$0.wantsLogits } }
    }

    /// The logits of the n-th row of the last batch that wanted them.
    ///
    /// - Parameter position: the row's position, for the error.
    /// - Throws: `InferenceError.notFinite`.
    func logits(_ index: Int, position: Int) throws(InferenceError) -> LogitsRow {
        let start = buffers.logits + index * buffers.logitsStride
        let values = UnsafeBufferPointer(start: start, count: model.description.vocabularySize)
        return try LogitsRow(values, isa: isa, position: position)
    }

    /// The last layer's output, after the final norm, of the n-th row of the last batch that wanted logits: `width`
    /// numbers, valid until the next run.
    func hidden(_ index: Int) -> UnsafeBufferPointer<Float> {
        let width = model.description.width
        return UnsafeBufferPointer(start: buffers.normed + index * width, count: width)
    }

    /// Queries, keys and values of the rows; the latter two go into the cache.
    private func project(_ rows: [BatchRow], _ layer: LanguageModel.Layer, _ layerIndex: Int) {
        let shape = model.description
        let (hd, queryWidth, kvWidth) = (shape.headDimension, shape.queryWidth, shape.kvWidth)
        normalize(rows.count, by: layer.attentionNorm)
        multiply(
            rows.count,
            buffers.normed,
            [(layer.query, buffers.query), (layer.key, buffers.key), (layer.value, buffers.value)]
        )
        model.rotary.values.withUnsafeBufferPointer { table in
            for (index, row) in rows.enumerated() {
                let angles = table.baseAddress.map { $0 + row.position * hd }
                let (key, value) = (buffers.key + index * kvWidth, buffers.value + index * kvWidth)
                ck_rope(buffers.query + index * queryWidth, shape.headCount, hd, angles)
                ck_rope(key, shape.kvHeadCount, hd, angles)
                let (page, slot) = row.position.quotientAndRemainder(dividingBy: KVPages.pageTokens)
                let place = pages.start(of: row.sequence.pages[page], layer: layerIndex)
                for head in 0..<shape.kvHeadCount {
                    let ofHead = place + head * pages.headPageBytes
                    ck_kv_write(isa, pages.format, ofHead, hd, slot, key + head * hd, value + head * hd)
                }
            }
        }
    }

    private func attend(_ rows: [BatchRow], _ layer: LanguageModel.Layer, _ layerIndex: Int) {
        let shape = model.description
        let (hd, queryWidth) = (shape.headDimension, shape.queryWidth)
        let group = shape.headCount / shape.kvHeadCount
        for (index, row) in rows.enumerated() {
            let keys = row.position + 1
            let pageCount = KVPages.pageCount(tokens: keys)
            for (place, page) in row.sequence.pages.prefix(pageCount).enumerated() {
                buffers.pagePointers[place] = UnsafeRawPointer(pages.start(of: page, layer: layerIndex))
            }
            for head in 0..<shape.kvHeadCount {
                let start = index * queryWidth + head * group * hd
                ck_attention(
                    isa,
                    pages.format,
                    buffers.query + start,
                    group,
                    hd,
                    buffers.pagePointers,
                    keys,
                    buffers.scores,
                    buffers.attended + start
                )
                // The next head's part of each page follows.
                for place in 0..<pageCount {
                    buffers.pagePointers[place] = buffers.pagePointers[place].map { $0 + pages.headPageBytes }
                }
            }
        }
        multiply(rows.count, buffers.attended, [(layer.attentionOutput, buffers.projected)])
        addProjected(rows.count)
    }

    private func feedForward(_ count: Int, _ layer: LanguageModel.Layer) {
        let width = model.description.feedForwardWidth
        normalize(count, by: layer.feedForwardNorm)
        multiply(count, buffers.normed, [(layer.gate, buffers.gate), (layer.up, buffers.up)])
        let stride = ForwardBuffers.padded(width)
        for index in 0..<count {
            ck_silu_mul(
                isa,
                buffers.gate + index * stride,
                buffers.up + index * stride,
                buffers.hidden + index * width,
                width
            )
        }
        multiply(count, buffers.hidden, [(layer.down, buffers.projected)])
        addProjected(count)
    }

    private func computeLogits(_ count: Int) {
        normalize(count, by: model.outputNorm)
        multiply(count, buffers.normed, [(model.output, buffers.logits)])
    }

    private func normalize(_ count: Int, by weights: [Float]) {
        let width = model.description.width
        for index in 0..<count {
            ck_rmsnorm(
                isa,
                buffers.residual + index * width,
                weights,
                buffers.normed + index * width,
                width,
                model.description.normEpsilon
            )
        }
    }

    private func addProjected(_ count: Int) {
        let width = model.description.width
        for index in 0..<count {
            ck_add(
                isa,
                buffers.residual + index * width,
                buffers.projected + index * ForwardBuffers.padded(width),
                width
            )
        }
    }

    /// Multiplies `count` rows of `input` with each matrix; the input is quantised once where a matrix needs that.
    private func multiply(
        _ count: Int,
        _ input: UnsafeMutablePointer<Float>,
        _ products: [(matrix: PackedMatrix, out: UnsafeMutablePointer<Float>)]
    ) {
        guard count > 0, let columns = products.first?.matrix.columns else { return }
        if products.contains(where: \.matrix.isQuantized) {
            ck_quantize(isa, input, count * columns, buffers.activations, 0)
        }
        for (matrix, out) in products {
            let stride = ForwardBuffers.padded(matrix.rows)
            matrix.withKernelMatrix { kernelMatrix in
                if matrix.isQuantized {
                    ck_matmul_quantized(isa, kernelMatrix, buffers.activations, count, out, stride)
                } else {
                    ck_matmul_float(isa, kernelMatrix, input, columns, count, out, stride)
                }
            }
        }
    }
}
