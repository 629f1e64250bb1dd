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
        let (hd, kvWidth) = (rules.headDimension, rules.kvWidth)
        var products = [(attention.query, shape.hasAttentionGate ? buffers.gatedQuery : buffers.query)]
        if let own = attention.own {
            products.append((own.key, buffers.key))
            if let value = own.value { products.append((value, buffers.value)) }
        }
        multiply(rows.count, normalized(rows.count, by: layer.attentionNorm), products)
        if shape.hasAttentionGate { separateGates(rows.count, headDimension: hd) }
        if rules.valuesAreKeys { buffers.value.update(from: buffers.key, count: rows.count * kvWidth) }
        normalizeHeads(buffers.query, rows.count * shape.queryWidth(rules), by: attention.queryNorm)
        normalizeHeads(buffers.key, rows.count * kvWidth, by: attention.own?.keyNorm)
        normalizeHeads(buffers.value, rows.count * kvWidth, by: attention.own?.valueNorm)
        if let rotary = rules.rotary {
            let table = model.rotaries[rotary]
            rotate(rows, buffers.query, heads: shape.headCount, headDimension: hd, by: table)
            if attention.own != nil {
                rotate(rows, buffers.key, heads: rules.kvHeadCount, headDimension: hd, by: table)
            }
        }
        guard attention.own != nil else { return }
        let headPageBytes = pages.headPageBytes(layer: ordinal)
        for (index, row) in rows.enumerated() {
            let (key, value) = (buffers.key + index * kvWidth, buffers.value + index * kvWidth)
            let (page, slot) = row.position.quotientAndRemainder(dividingBy: KVPages.pageTokens)
            let place = pages.start(of: row.sequence.pages[page], layer: ordinal)
            for head in 0..<rules.kvHeadCount {
                let ofHead = place + head * headPageBytes
                ck_kv_write(isa, pages.format, ofHead, hd, slot, key + head * hd, value + head * hd)
            }
        }
    }

    /// Each head's query stands before its gate; afterwards all queries of a row are together, and all gates.
    private func separateGates(_ count: Int, headDimension hd: Int) {
        for head in 0..<count * model.description.headCount {
            let pair = buffers.gatedQuery + 2 * head * hd
            (buffers.query + head * hd).update(from: pair, count: hd)
            (buffers.queryGate + head * hd).update(from: pair + hd, count: hd)
        }
    }

    /// Heads that follow one another, as wide as the weights: each, or all of a row at once.
    private func normalizeHeads(_ start: ForwardBuffers.Floats, _ count: Int, by weights: [Float]?) {
        guard let weights else { return }
        for place in stride(from: 0, to: count, by: weights.count) {
            ck_rmsnorm(isa, start + place, weights, start + place, weights.count, model.description.normEpsilon)
        }
    }

    /// Turns the heads of each row by its position.
    private func rotate(
        _ rows: [BatchRow],
        _ start: ForwardBuffers.Floats,
        heads: Int,
        headDimension hd: Int,
        by table: RotaryTable
    ) {
        let rotated = table.dimensions
        table.values.withUnsafeBufferPointer { values in
            for index in rows.indices {
                let angles = values.baseAddress.map { $0 + rows[index].position * rotated }
                switch table.pairs {
                case .neighbours: ck_rope_pairs(start + index * heads * hd, heads, hd, rotated, angles)
                case .halves: ck_rope_halves(start + index * heads * hd, heads, hd, rotated, angles)
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
            sinks.withUnsafeBufferPointer { attend(rows, rules, $0.baseAddress, ordinal) }
        } else {
            attend(rows, rules, nil, ordinal)
        }
        guard model.description.hasAttentionGate else { return }
        let count = rows.count * model.description.queryWidth(rules)
        ck_sigmoid_mul(isa, buffers.queryGate, buffers.attended, buffers.attended, count)
    }

    private func attend(
        _ rows: [BatchRow],
        _ layer: ModelDescription.Layer,
        _ sinks: UnsafePointer<Float>?,
        _ ordinal: Int
    ) {
        let shape = model.description
        let (hd, queryWidth, kvHeadCount) = (layer.headDimension, shape.queryWidth(layer), layer.kvHeadCount)
        let (group, headPageBytes) = (shape.headCount / kvHeadCount, pages.headPageBytes(layer: ordinal))
        var rules = ck_attention_rules(scale: shape.attentionScale, cap: shape.attentionCap ?? 0, sinks: nil, first: 0)
        for (index, row) in rows.enumerated() {
            let end = row.position + 1
            // Pages before the window are left out; in the first one that is not, some tokens are masked.
            let first = layer.window.map { max(0, end - $0) } ?? 0
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
                    buffers.pagePointers[place] = buffers.pagePointers[place].map { $0 + headPageBytes }
                }
            }
        }
    }
}
