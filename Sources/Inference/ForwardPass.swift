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
    let isa: ck_isa
    let buffers: ForwardBuffers
    /// nil for a model without an adapter.
    let adapterBuffers: AdapterBuffers?
    /// Of each layer, how many of its kind come before it: where its pages or its state are.
    private let ordinals: [Int]
    /// After this layer only rows whose logits are wanted go on.
    private let lastWritingLayer: Int

    /// - Parameters:
    ///   - maxRows: most rows of a batch.
    ///   - pageCount: pages of 16 tokens of the key-value cache.
    /// - Throws: `InferenceError.unavailable` or `outOfMemory`.
    init(_ model: LanguageModel, maxRows: Int, pageCount: Int, instructions: InstructionSet) throws(InferenceError) {
        guard instructions.isAvailable else { throw .unavailable(instructions) }
        self.model = model
        self.maxRows = maxRows
        isa = instructions.kernels
        ordinals = model.description.ordinals
        lastWritingLayer = model.description.lastWritingLayer
        pages = try KVPages(model, pageCount: pageCount)
        buffers = try ForwardBuffers(model.description, maxRows: maxRows, contextLength: model.contextLength)
        adapterBuffers = model.adapter.isEmpty ? nil : try AdapterBuffers(model.adapter, maxRows: maxRows)
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
            if let rule = shape.deltaRule { try prepareState(row, rule) }
        }
        for (index, row) in rows.enumerated() {
            let start = buffers.residual + index * shape.width
            model.embedding.unpack(row: row.token, to: start)
            if shape.embeddingScale != 1 { ck_scale(isa, start, shape.embeddingScale, shape.width) }
        }
        if let inputs = model.perLayerInputs { computePerLayerInputs(rows, inputs) }
        var rows = rows
        for (index, layer) in model.layers.enumerated() {
            let isLast = index == lastWritingLayer
            let rules = shape.layers[index]
            switch layer.mixer {
            case .attention(let attention):
                project(rows, layer, attention, rules, ordinal: ordinals[index])
                if isLast {
                    let queryWidth = shape.queryWidth(rules)
                    let gates = shape.hasAttentionGate ? [(buffers.queryGate, queryWidth)] : []
                    dropUnread(&rows, [(buffers.query, queryWidth)] + gates)
                }
                attend(rows, attention, rules, ordinal: ordinals[index])
            case .recurrent(let recurrent):
                recur(rows, layer, recurrent, ordinal: ordinals[index])
                if isLast { dropUnread(&rows, [(buffers.attended, layer.attentionOutput.matrix.columns)]) }
            }
            multiply(rows.count, buffers.attended, [(layer.attentionOutput, buffers.projected)])
            addToResidual(rows.count, buffers.projected, postNorm: layer.attentionPostNorm)
            feedForward(rows.count, layer)
            if let gate = layer.perLayerGate { takePerLayerInput(rows.count, gate, layer: index) }
            if layer.outputScale != 1 {
                ck_scale(isa, buffers.residual, layer.outputScale, rows.count * shape.width)
            }
        }
        computeLogits(rows.count)
    }

    /// Ends the rows whose logits nobody wants: what comes after their last keys and values is never read.
    ///
    /// - Parameter held: what is read later besides the residual stream, with the width of its rows.
    private func dropUnread(_ rows: inout [BatchRow], _ held: [(start: ForwardBuffers.Floats, width: Int)]) {
        let shape = model.description
        let perLayerStride = ForwardBuffers.padded(shape.perLayerWidth * shape.layerCount)
        let inputs = model.perLayerInputs == nil ? [] : [(start: buffers.perLayer, width: perLayerStride)]
        let held = [(start: buffers.residual, width: shape.width)] + inputs + held
        var count = 0
        for (index, row) in rows.enumerated() where row.wantsLogits {
            if count < index {
                for (start, width) in held { (start + count * width).update(from: start + index * width, count: width) }
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
    func normalized(_ count: Int, by weights: [Float]?) -> ForwardBuffers.Floats {
        guard let weights else { return buffers.residual }
        normalize(count, buffers.residual, model.description.width, by: weights, to: buffers.normed)
        return buffers.normed
    }

    /// Rows of the model's width, `stride` apart, to rows that follow each other.
    func normalize(
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
    func addToResidual(_ count: Int, _ rows: ForwardBuffers.Floats, postNorm: [Float]?) {
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
    func multiply(
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
            if let adapterBuffers, let product = model.adapter.product(beside: matrix) {
                product.add(count, input, to: out, stride: stride, with: adapterBuffers, isa)
            }
            if let bias = linear.bias {
                for index in 0..<count { ck_add(isa, out + index * stride, bias, matrix.rows) }
            }
        }
    }
}
