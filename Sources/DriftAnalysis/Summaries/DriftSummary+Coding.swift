public import Digests
public import Foundation

extension DriftSummary {
    private static let magic = "drift"
    private static let version: UInt8 = 1

    /// The summary in bytes: numbers as short as they are, empty signals left out, a checksum at the end.
    public func encoded() -> Data {
        var out = ByteWriter()
        out.put(FixedBins.version)
        epoch.write(to: &out)
        out.put(requests)
        out.put(dropped)
        for signal in DriftSignal.allCases {
            let (present, missing) = counts(of: signal)
            guard present > 0 || missing > 0 else { continue }
            out.put(signal.code)
            out.put(missing)
            switch signal.kind {
            case .number: numbers[signal.slot].write(to: &out)
            case .category: categories[signal.slot].write(to: &out)
            case .rate:
                out.put(rates[signal.slot].yes)
                out.put(rates[signal.slot].count)
            case .embedding: embedding.write(to: &out)
            }
        }
        return out.sealed(magic: Self.magic, version: Self.version)
    }

    /// Reads a summary back.
    ///
    /// - Throws: ``DriftError/damaged(what:why:)``, ``DriftError/newer(what:version:)``.
    public init(encoded data: Data) throws(DriftError) {
        var reader = try ByteReader(data, what: "drift summary", magic: Self.magic, version: Self.version)
        try self.init(from: &reader)
        guard reader.isAtEnd else { throw reader.damaged("something follows it") }
    }

    /// The SHA-256 of ``encoded()``.
    public var digest: Digest { Digest(of: encoded()) }

    private init(from reader: inout ByteReader) throws(DriftError) {
        let scale = try reader.number()
        guard scale == FixedBins.version else { throw .newer(what: reader.what, version: scale) }
        try self.init(epoch: DriftEpoch(from: &reader))
        requests = try reader.number()
        dropped = try reader.number()
        var last: UInt8 = 0
        while !reader.isAtEnd {
            let code = try reader.byte()
            guard let signal = DriftSignal.byCode[code] else { throw reader.damaged("signal \(code) is not known") }
            guard code > last else { throw reader.damaged("signals out of order") }
            last = code
            let missing = try reader.number()
            let slot = signal.slot
            switch signal.kind {
            case .number: numbers[slot] = try NumberSummary(missing: missing, from: &reader)
            case .category: categories[slot] = try CategorySummary(missing: missing, from: &reader)
            case .rate:
                let yes = try reader.number()
                guard let rate = RateSummary(yes: yes, count: try reader.number(), missing: missing) else {
                    throw reader.damaged("more yes than answers")
                }
                rates[slot] = rate
            case .embedding: embedding = try EmbeddingSummary(missing: missing, from: &reader)
            }
        }
    }
}

extension DriftEpoch {
    fileprivate func write(to out: inout ByteWriter) {
        out.put(UInt8((referenceModel == nil ? 0 : 1) + (features == nil ? 0 : 2)))
        if let referenceModel { out.put(raw: referenceModel.bytes) }
        if let features {
            out.put(fixed: features.seed)
            out.put(features.width)
            out.put(fixed: features.medianSquaredDistance.bitPattern)
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(DriftError) {
        let flags = try reader.byte()
        guard flags < 4 else { throw reader.damaged("unknown flags") }
        var referenceModel: Digest?
        if flags & 1 != 0 {
            let bytes = try reader.raw(32)
            guard let digest = try? Digest(bytes: bytes) else { throw reader.damaged("no digest") }
            referenceModel = digest
        }
        var features: Features?
        if flags & 2 != 0 {
            let seed = try reader.fixed()
            let width = try reader.number(limit: Self.widthLimit)
            let distance = Double(bitPattern: try reader.fixed())
            guard width > 0, distance > 0, distance.isFinite else { throw reader.damaged("no such features") }
            features = Features(seed: seed, width: width, medianSquaredDistance: distance)
        }
        self.init(referenceModel: referenceModel, features: features)
    }
}

extension NumberSummary {
    fileprivate func write(to out: inout ByteWriter) {
        out.put(bins.count)
        var last = 0
        for (bin, n) in zip(bins, counts) {
            out.put(Int(bin) - last)
            out.put(Int(n))
            last = Int(bin)
        }
        out.put(signed: total.bits)
        out.put(signed: squares.bits)
        out.put(positive)
        out.put(signed: logs.bits)
        out.put(signed: logSquares.bits)
    }

    fileprivate init(missing: Int, from reader: inout ByteReader) throws(DriftError) {
        var bins: [UInt16] = []
        var counts: [UInt32] = []
        var last = 0
        for _ in 0..<(try reader.number(limit: FixedBins.count)) {
            last += try reader.number(limit: FixedBins.count)
            guard last < FixedBins.count else { throw reader.damaged("a bin out of range") }
            bins.append(UInt16(last))
            counts.append(UInt32(try reader.number(limit: Int(UInt32.max))))
        }
        let total = try reader.signed()
        let squares = try reader.signed()
        let positive = try reader.number()
        let logs = try reader.signed()
        let logSquares = try reader.signed()
        guard
            let summary = NumberSummary(
                bins: bins,
                counts: counts,
                missing: missing,
                sums: (total, squares, positive, logs, logSquares)
            )
        else { throw reader.damaged("counts that contradict each other") }
        self = summary
    }
}

extension CategorySummary {
    fileprivate func write(to out: inout ByteWriter) {
        out.put(counts.count)
        for (value, n) in counts.sorted(by: { $0.key < $1.key }) {
            out.put(value)
            out.put(n)
        }
        out.put(other)
    }

    fileprivate init(missing: Int, from reader: inout ByteReader) throws(DriftError) {
        var counts: [(String, Int)] = []
        for _ in 0..<(try reader.number(limit: 2 * Self.limit)) {
            let value = try reader.text(limit: 4 * Self.longest)
            counts.append((value, try reader.number()))
        }
        guard let summary = CategorySummary(counts: counts, other: try reader.number(), missing: missing) else {
            throw reader.damaged("values that contradict each other")
        }
        self = summary
    }
}

extension EmbeddingSummary {
    fileprivate func write(to out: inout ByteWriter) {
        out.put(count)
        out.put(totals.count)
        for value in features + totals { out.put(signed: Int128(value)) }
    }

    fileprivate init(missing: Int, from reader: inout ByteReader) throws(DriftError) {
        let count = try reader.number()
        let width = try reader.number(limit: DriftEpoch.widthLimit)
        func values(_ count: Int) throws(DriftError) -> [Int64] {
            var values: [Int64] = []
            for _ in 0..<count {
                guard let value = Int64(exactly: try reader.signed()) else {
                    throw reader.damaged("a sum out of range")
                }
                values.append(value)
            }
            return values
        }
        let features = try values(count > 0 ? 2 * DriftEpoch.frequencies : 0)
        let totals = try values(width)
        guard let summary = EmbeddingSummary(count: count, missing: missing, features: features, totals: totals) else {
            throw reader.damaged("sums that contradict each other")
        }
        self = summary
    }
}
