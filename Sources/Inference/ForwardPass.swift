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
            let start = buffers.residual + index * shape.width
            model.embedding.unpack(row: row.token, to: start)
            if shape.embeddingScale != 1 { ck_scale(isa, start, shape.embeddingScale, shape.width) }
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

    // MARK: - Attention

    /// Queries, keys and values of the rows; the latter two go into the cache.
    private func project(_ rows: [BatchRow], _ layer: LanguageModel.Layer, _ layerIndex: Int) {
        let shape = model.description
        let (hd, kvWidth) = (shape.headDimension, shape.kvWidth)
        multiply(
            rows.count,
            normalized(rows.count, by: layer.attentionNorm),
            [(layer.query, buffers.query), (layer.key, buffers.key), (layer.value, buffers.value)]
        )
        normalizeHeads(rows.count, layer)
        if let rotary = shape.layers[layerIndex].rotary { rotate(rows, by: model.rotaries[rotary]) }
        for (index, row) in rows.enumerated() {
            let (key, value) = (buffers.key + index * kvWidth, buffers.value + index * kvWidth)
            let (page, slot) = row.position.quotientAndRemainder(dividingBy: KVPages.pageTokens)
            let place = pages.start(of: row.sequence.pages[page], layer: layerIndex)
            for head in 0..<shape.kvHeadCount {
                let ofHead = place + head * pages.headPageBytes
                ck_kv_write(isa, pages.format, ofHead, hd, slot, key + head * hd, value + head * hd)
            }
        }
    }

    private func normalizeHeads(_ count: Int, _ layer: LanguageModel.Layer) {
        guard let queryNorm = layer.queryNorm, let keyNorm = layer.keyNorm else { return }
        let shape = model.description
        for (start, weights, width) in [
            (buffers.query, queryNorm, shape.queryWidth), (buffers.key, keyNorm, shape.kvWidth),
        ] {
            // As wide as its weights: a head, or all of them.
            for place in stride(from: 0, to: count * width, by: weights.count) {
                ck_rmsnorm(isa, start + place, weights, start + place, weights.count, shape.normEpsilon)
            }
        }
    }

    private func rotate(_ rows: [BatchRow], by table: RotaryTable) {
        let shape = model.description
        let (hd, rotated) = (shape.headDimension, table.dimensions)
        table.values.withUnsafeBufferPointer { values in
            for (index, row) in rows.enumerated() {
                let angles = values.baseAddress.map { $0 + row.position * rotated }
                let (query, key) = (buffers.query + index * shape.queryWidth, buffers.key + index * shape.kvWidth)
                switch table.pairs {
                case .neighbours:
                    ck_rope_pairs(query, shape.headCount, hd, rotated, angles)
                    ck_rope_pairs(key, shape.kvHeadCount, hd, rotated, angles)
                case .halves:
                    ck_rope_halves(query, shape.headCount, hd, rotated, angles)
                    ck_rope_halves(key, shape.kvHeadCount, hd, rotated, angles)
                }
            }
        }
    }

    private func attend(_ rows: [BatchRow], _ layer: LanguageModel.Layer, _ layerIndex: Int) {
        if let sinks = layer.sinks {
            sinks.withUnsafeBufferPointer { attend(rows, layerIndex, sinks: $0.baseAddress) }
        } else {
            attend(rows, layerIndex, sinks: nil)
        }
        multiply(rows.count, buffers.attended, [(layer.attentionOutput, buffers.projected)])
        addToResidual(rows.count, buffers.projected, postNorm: layer.attentionPostNorm)
    }

    /// Writes what each row's heads find to `attended`.
    private func attend(_ rows: [BatchRow], _ layerIndex: Int, sinks: UnsafePointer<Float>?) {
        let shape = model.description
        let (hd, queryWidth, kvHeadCount) = (shape.headDimension, shape.queryWidth, shape.kvHeadCount)
        let group = shape.headCount / kvHeadCount
        let window = shape.layers[layerIndex].window
        var rules = ck_attention_rules(scale: shape.attentionScale, cap: shape.attentionCap ?? 0, sinks: nil, first: 0)
        for (index, row) in rows.enumerated() {
            let end = row.position + 1
            // Pages before the window are left out; in the first one that is not, some tokens are masked.
            let first = window.map { max(0, end - $0) } ?? 0
            let firstPage = first / KVPages.pageTokens
            let pageCount = KVPages.pageCount(tokens: end) - firstPage
            for (place, page) in row.sequence.pages[firstPage..<firstPage + pageCount].enumerated() {
                buffers.pagePointers[place] = UnsafeRawPointer(pages.start(of: page, layer: layerIndex))
            }
            rules.first = first % KVPages.pageTokens
            if let temperature = shape.temperature {
                rules.scale = shape.attentionScale * temperature.factor(at: row.position)
            }
            for head in 0..<kvHeadCount {
                let start = index * queryWidth + head * group * hd
                rules.sinks = sinks.map { $0 + head * group }
                ck_attention(
                    isa,
                    pages.format,
                    buffers.query + start,
                    group,
                    hd,
                    buffers.pagePointers,
                    end - firstPage * KVPages.pageTokens,
                    &rules,
                    buffers.scores,
                    buffers.attended + start
                )
                // The next head's part of each page follows.
                for place in 0..<pageCount {
                    buffers.pagePointers[place] = buffers.pagePointers[place].map { $0 + pages.headPageBytes }
                }
            }
        }
    }

    // MARK: - Feed-forward

    private func feedForward(_ count: Int, _ layer: LanguageModel.Layer) {
        let input = normalized(count, by: layer.feedForwardNorm)
        let output: ForwardBuffers.Floats
        switch layer.feedForward {
        case .dense(let dense):
            run(dense, count, input)
            output = buffers.projected
        case .experts(let router, let experts, let shared):
            mix(count, input, router, experts, shared)
            output = buffers.mixed
        }
        addToResidual(count, output, postNorm: layer.feedForwardPostNorm)
    }

    /// Writes a gated layer's output for each row to `projected`.
    private func run(_ layer: LanguageModel.GatedLayer, _ count: Int, _ input: ForwardBuffers.Floats) {
        multiply(count, input, [(layer.gate, buffers.gate), (layer.up, buffers.up)])
        let width = layer.down.matrix.columns
        let stride = ForwardBuffers.padded(width)
        let activation = model.description.activation
        for index in 0..<count {
            let (gate, up) = (buffers.gate + index * stride, buffers.up + index * stride)
            let hidden = buffers.hidden + index * width
            switch activation {
            case .silu: ck_silu_mul(isa, gate, up, hidden, width)
            case .gelu: ck_gelu_mul(isa, gate, up, hidden, width)
            case .clampedSwiglu: ck_clamped_swiglu(isa, gate, up, hidden, width)
            }
        }
        multiply(count, buffers.hidden, [(layer.down, buffers.projected)])
    }

    /// Writes what each row's experts give to `mixed`. Rows are gathered by expert, in the order of experts: so is the
    /// sum of each row, whatever other rows there are.
    private func mix(
        _ count: Int,
        _ input: ForwardBuffers.Floats,
        _ router: LanguageModel.Linear,
        _ layers: [LanguageModel.GatedLayer],
        _ shared: LanguageModel.GatedLayer?
    ) {
        guard let experts = model.description.experts else { return }
        let width = model.description.width
        let (stride, routingStride) = (ForwardBuffers.padded(width), ForwardBuffers.padded(experts.count))
        multiply(count, input, [(router, buffers.routing)])
        buffers.mixed.update(repeating: 0, count: count * stride)
        var rowsOfExpert = Array(repeating: [(row: Int, weight: Float)](), count: experts.count)
        for row in 0..<count {
            let logits = UnsafeBufferPointer(start: buffers.routing + row * routingStride, count: experts.count)
            for choice in experts.choose(by: logits) { rowsOfExpert[choice.expert].append((row, choice.weight)) }
        }
        for (layer, rows) in zip(layers, rowsOfExpert) where !rows.isEmpty {
            for (place, row) in rows.enumerated() {
                buffers.gathered.advanced(by: place * width).update(from: input + row.row * width, count: width)
            }
            run(layer, rows.count, buffers.gathered)
            for (place, row) in rows.enumerated() {
                let output = buffers.projected + place * stride
                ck_add_scaled(isa, buffers.mixed + row.row * stride, output, row.weight, width)
            }
        }
        if let shared {
            run(shared, count, input)
            ck_add(isa, buffers.mixed, buffers.projected, count * stride)
        }
    }

    private func computeLogits(_ count: Int) {
        let shape = model.description
        normalize(count, buffers.residual, shape.width, by: model.outputNorm, to: buffers.normed)
        multiply(count, buffers.normed, [(model.output, buffers.logits)])
        for index in 0..<count {
            let logits = buffers.logits + index * buffers.logitsStride
            if shape.logitScale != 1 { ck_scale(isa, logits, shape.logitScale, shape.vocabularySize) }
            if let cap = shape.logitCap { ck_soft_cap(isa, logits, cap, shape.vocabularySize) }
        }
    }

    // MARK: - Rows

    /// The residual stream after a norm; without one, itself.
    private func normalized(_ count: Int, by weights: [Float]?) -> ForwardBuffers.Floats {
        guard let weights else { return buffers.residual }
        normalize(count, buffers.residual, model.description.width, by: weights, to: buffers.normed)
        return buffers.normed
    }

    /// Rows of the model's width, `stride` apart, to rows that follow each other.
    private func normalize(
        _ count: Int,
        _ input: ForwardBuffers.Floats,
        _ stride: Int,
        by weights: [Float],
        to output: ForwardBuffers.Floats
    ) {
        let width = model.description.width
        for index in 0..<count {
            ck_rmsnorm(
                isa,
                input + index * stride,
                weights,
                output + index * width,
                width,
                model.description.normEpsilon
            )
        }
    }

    /// Adds rows of padded width to the residual stream.
    private func addToResidual(_ count: Int, _ rows: ForwardBuffers.Floats, postNorm: [Float]?) {
        let (width, scale) = (model.description.width, model.description.residualScale)
        var (rows, stride) = (rows, ForwardBuffers.padded(width))
        if let postNorm {
            normalize(count, rows, stride, by: postNorm, to: buffers.normed)
            (rows, stride) = (buffers.normed, width)
        }
        for index in 0..<count {
            let residual = buffers.residual + index * width
            if scale == 1 {
                ck_add(isa, residual, rows + index * stride, width)
            } else {
                ck_add_scaled(isa, residual, rows + index * stride, scale, width)
            }
        }
    }

    /// Multiplies `count` rows of `input` with each matrix; the input is quantised once where a matrix needs that.
    private func multiply(
        _ count: Int,
        _ input: ForwardBuffers.Floats,
        _ products: [(linear: LanguageModel.Linear, out: ForwardBuffers.Floats)]
    ) {
        guard count > 0, let columns = products.first?.linear.matrix.columns else { return }
        if products.contains(where: \.linear.matrix.isQuantized) {
            ck_quantize(isa, input, count * columns, buffers.activations, 0)
        }
        for (linear, out) in products {
            let matrix = linear.matrix
            let stride = ForwardBuffers.padded(matrix.rows)
            matrix.withKernelMatrix { kernelMatrix in
                if matrix.isQuantized {
                    ck_matmul_quantized(isa, kernelMatrix, buffers.activations, count, out, stride)
                } else {
                    ck_matmul_float(isa, kernelMatrix, input, columns, count, out, stride)
                }
            }
            if let bias = linear.bias {
                for index in 0..<count { ck_add(isa, out + index * stride, bias, matrix.rows) }
            }
        }
    }
}
