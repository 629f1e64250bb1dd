import CKernels

/// Attention over pages of keys and values.
extension ForwardPass {
    /// Queries, keys and values of the rows; the latter two go into the cache.
    func project(
        _ rows: [BatchRow],
        _ layer: LanguageModel.Layer,
        _ attention: LanguageModel.AttentionLayer,
        _ rules: ModelDescription.Layer,
        ordinal: Int
    ) {
        let shape = model.description
        let (hd, kvWidth) = (shape.headDimension, shape.kvWidth)
        let queries = shape.hasAttentionGate ? buffers.gatedQuery : buffers.query
        multiply(
            rows.count,
            normalized(rows.count, by: layer.attentionNorm),
            [(attention.query, queries), (attention.key, buffers.key), (attention.value, buffers.value)]
        )
        if shape.hasAttentionGate { separateGates(rows.count) }
        normalizeHeads(rows.count, attention)
        if let rotary = rules.rotary { rotate(rows, by: model.rotaries[rotary]) }
        for (index, row) in rows.enumerated() {
            let (key, value) = (buffers.key + index * kvWidth, buffers.value + index * kvWidth)
            let (page, slot) = row.position.quotientAndRemainder(dividingBy: KVPages.pageTokens)
            let place = pages.start(of: row.sequence.pages[page], layer: ordinal)
            for head in 0..<shape.kvHeadCount {
                let ofHead = place + head * pages.headPageBytes
                ck_kv_write(isa, pages.format, ofHead, hd, slot, key + head * hd, value + head * hd)
            }
        }
    }

    /// Each head's query stands before its gate; afterwards all queries of a row are together, and all gates.
    private func separateGates(_ count: Int) {
        let hd = model.description.headDimension
        for head in 0..<count * model.description.headCount {
            let pair = buffers.gatedQuery + 2 * head * hd
            (buffers.query + head * hd).update(from: pair, count: hd)
            (buffers.queryGate + head * hd).update(from: pair + hd, count: hd)
        }
    }

    private func normalizeHeads(_ count: Int, _ layer: LanguageModel.AttentionLayer) {
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
            for index in rows.indices {
                let angles = values.baseAddress.map { $0 + rows[index].position * rotated }
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

    /// Writes what each row's heads find to `attended`.
    func attend(
        _ rows: [BatchRow],
        _ layer: LanguageModel.AttentionLayer,
        _ rules: ModelDescription.Layer,
        ordinal: Int
    ) {
        if let sinks = layer.sinks {
            sinks.withUnsafeBufferPointer { attend(rows, window: rules.window, $0.baseAddress, ordinal) }
        } else {
            attend(rows, window: rules.window, nil, ordinal)
        }
        guard model.description.hasAttentionGate else { return }
        let count = rows.count * model.description.queryWidth
        ck_sigmoid_mul(isa, buffers.queryGate, buffers.attended, buffers.attended, count)
    }

    private func attend(_ rows: [BatchRow], window: Int?, _ sinks: UnsafePointer<Float>?, _ ordinal: Int) {
        let shape = model.description
        let (hd, queryWidth, kvHeadCount) = (shape.headDimension, shape.queryWidth, shape.kvHeadCount)
        let group = shape.headCount / kvHeadCount
        var rules = ck_attention_rules(scale: shape.attentionScale, cap: shape.attentionCap ?? 0, sinks: nil, first: 0)
        for (index, row) in rows.enumerated() {
            let end = row.position + 1
            // Pages before the window are left out; in the first one that is not, some tokens are masked.
            let first = window.map { max(0, end - $0) } ?? 0
            let firstPage = first / KVPages.pageTokens
            let pageCount = KVPages.pageCount(tokens: end) - firstPage
            for (place, page) in row.sequence.pages[firstPage..<firstPage + pageCount].enumerated() {
                buffers.pagePointers[place] = UnsafeRawPointer(pages.start(of: page, layer: ordinal))
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
}
