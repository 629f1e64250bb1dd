import CKernels

/// What a token passes through by itself: a gated layer, or some of many.
extension ForwardPass {
    func feedForward(_ count: Int, _ layer: LanguageModel.Layer) {
        let input = normalized(count, by: layer.feedForwardNorm)
        let output: ForwardBuffers.Floats
        switch layer.feedForward {
        case .dense(let dense):
            run(dense, count, input)
            output = buffers.projected
        case .experts(let router, let experts, let shared):
            multiply(count, input, [(router, buffers.routing)])
            mix(count, input, experts)
            if let shared {
                run(shared, count, input)
                let stride = ForwardBuffers.padded(model.description.width)
                ck_add(isa, buffers.mixed, buffers.projected, count * stride)
            }
            output = buffers.mixed
        case .denseBesideExperts(let dense, let beside):
            run(dense, count, input)
            mixBesideDense(count, beside)
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
            activate(activation, gate, up, hidden, width)
        }
        multiply(count, buffers.hidden, [(layer.down, buffers.projected)])
    }

    func activate(
        _ activation: ModelDescription.Activation,
        _ gate: ForwardBuffers.Floats,
        _ up: ForwardBuffers.Floats,
        _ hidden: ForwardBuffers.Floats,
        _ width: Int
    ) {
        switch activation {
        case .silu: ck_silu_mul(isa, gate, up, hidden, width)
        case .gelu: ck_gelu_mul(isa, gate, up, hidden, width)
        case .clampedSwiglu: ck_clamped_swiglu(isa, gate, up, hidden, width)
        }
    }

    /// Writes what each row's experts give, weighted by the logits in `routing`, to `mixed`. Rows are gathered by
    /// expert, in the order of experts: so is the sum of each row, whatever other rows there are.
    ///
    /// - Parameter factors: of each expert, what its weight is multiplied by.
    private func mix(
        _ count: Int,
        _ input: ForwardBuffers.Floats,
        _ layers: [LanguageModel.GatedLayer],
        factors: [Float]? = nil
    ) {
        guard let experts = model.description.experts else { return }
        let width = model.description.width
        let (stride, routingStride) = (ForwardBuffers.padded(width), ForwardBuffers.padded(experts.count))
        buffers.mixed.update(repeating: 0, count: count * stride)
        var rowsOfExpert = Array(repeating: [(row: Int, weight: Float)](), count: experts.count)
        for row in 0..<count {
            let logits = UnsafeBufferPointer(start: buffers.routing + row * routingStride, count: experts.count)
            for choice in experts.choose(by: logits) {
                let weight = factors.map { choice.weight * $0[choice.expert] } ?? choice.weight
                rowsOfExpert[choice.expert].append((row, weight))
            }
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
    }

    /// Writes the sum of what the dense layer gave (in `projected`) and of what the experts give, each after its norm, to
    /// `mixed`.
    private func mixBesideDense(_ count: Int, _ layer: LanguageModel.ExpertsBeside) {
        let (width, epsilon) = (model.description.width, model.description.normEpsilon)
        let stride = ForwardBuffers.padded(width)
        normalize(count, buffers.projected, stride, by: layer.densePostNorm, to: buffers.beside)
        normalize(count, buffers.residual, width, by: layer.routerNorm, to: buffers.normed)
        multiply(count, buffers.normed, [(layer.router, buffers.routing)])
        normalize(count, buffers.residual, width, by: layer.norm, to: buffers.normed)
        mix(count, buffers.normed, layer.experts, factors: layer.factors)
        for index in 0..<count {
            let row = buffers.mixed + index * stride
            ck_rmsnorm(isa, row, layer.postNorm, row, width, epsilon)
            ck_add(isa, row, buffers.beside + index * width, width)
        }
    }

    // MARK: - Inputs of each block

    /// What each block gets of each token besides the residual stream: half of it looked up by the token, half projected
    /// from the token's row before the first block.
    ///
    /// Writes those of all blocks, `perLayerWidth` numbers each, to the rows of `perLayer`.
    func computePerLayerInputs(_ rows: [BatchRow], _ inputs: LanguageModel.PerLayerInputs) {
        let shape = model.description
        let (width, count) = (shape.perLayerWidth, shape.perLayerWidth * shape.layerCount)
        let rowStride = ForwardBuffers.padded(count)
        let projectionScale = 1 / Float(shape.width).squareRoot()
        let embeddingScale = Float(width).squareRoot()
        multiply(rows.count, buffers.residual, [(inputs.projection, buffers.perLayer)])
        for (index, row) in rows.enumerated() {
            let (projected, embedded) = (buffers.perLayer + index * rowStride, buffers.perLayerEmbedding)
            ck_scale(isa, projected, projectionScale, count)
            for start in stride(from: 0, to: count, by: width) {
                let ofLayer = projected + start
                ck_rmsnorm(isa, ofLayer, inputs.norm, ofLayer, width, shape.normEpsilon)
            }
            inputs.embedding.unpack(row: row.token, to: embedded)
            ck_add_scaled(isa, projected, embedded, embeddingScale, count)
            ck_scale(isa, projected, Float(0.5).squareRoot(), count)
        }
    }

    /// Adds what a block makes of its input to the residual stream.
    func takePerLayerInput(_ count: Int, _ layer: LanguageModel.PerLayerGate, layer index: Int) {
        let shape = model.description
        let width = shape.perLayerWidth
        let (stride, inputStride) = (ForwardBuffers.padded(width), ForwardBuffers.padded(width * shape.layerCount))
        multiply(count, buffers.residual, [(layer.gate, buffers.gate)])
        for row in 0..<count {
            let input = buffers.perLayer + row * inputStride + index * width
            activate(shape.activation, buffers.gate + row * stride, input, buffers.hidden + row * width, width)
        }
        multiply(count, buffers.hidden, [(layer.projection, buffers.projected)])
        addToResidual(count, buffers.projected, postNorm: layer.postNorm)
    }
}
