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
}
