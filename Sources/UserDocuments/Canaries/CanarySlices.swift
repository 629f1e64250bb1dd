import StrictYAML

extension CanaryDocument {
    /// Which kinds of requests a report tells apart, and which of them have deciding checks of their own.
    public struct Slices: Hashable, Sendable, Codable {
        /// Requests of one kind that a check has to hold on by themselves.
        public struct Protected: Hashable, Sendable, Codable {
            /// What the requests are told apart by; one of ``Slices/by``.
            public let slice: String
            /// Which of them these are.
            public let value: String
            /// The name of the check.
            public let check: String
            /// The degradation that is allowed there; nil for as much as everywhere.
            public let margin: Double?

            /// A protected slice.
            public init(slice: String, value: String, check: String, margin: Double? = nil) {
                self.slice = slice
                self.value = value
                self.check = check
                self.margin = margin
            }
        }

        /// What requests are told apart by: `language`, `length`, or the name of a tag.
        public let by: [String]
        /// Slices with checks of their own; nil for none.
        public let protect: [Protected]?

        /// Slices by these keys.
        public init(by: [String], protect: [Protected]? = nil) {
            self.by = by
            self.protect = protect
        }

        /// The most keys of a document.
        static let maxKeys = 8
        /// The most protected slices of a document.
        static let maxProtected = 20
    }
}

/// How long what a request asks is.
public enum RequestLength: String, Hashable, Sendable, CaseIterable {
    case under100 = "under 100 bytes"
    case under1000 = "100 to 999 bytes"
    case under10000 = "1,000 to 9,999 bytes"
    case more = "10,000 bytes or more"

    /// The length of what asks with so many bytes.
    public init(bytes: Int) {
        self =
            switch bytes {
            case ..<100: .under100
            case ..<1000: .under1000
            case ..<10_000: .under10000
            default: .more
            }
    }
}

extension CanaryDocument.Slices {
    static func read(_ checks: [CanaryCheck], _ reader: inout MappingReader) -> Self? {
        let expected = "language, length or the name of a tag, 1 to 80 bytes on one line"
        func line(_ text: String) -> String? {
            (1...80).contains(text.utf8.count) && text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) ? text : nil
        }
        let by = reader.values("by", isRequired: true, expected: expected, make: line)
        if let by {
            if by.isEmpty || by.count > maxKeys {
                reader.refuse("requests are told apart by 1 to \(maxKeys) keys, here are \(by.count)", at: "by")
            }
            if let twice = by.indices.first(where: { by[..<$0].contains(by[$0]) }) {
                reader.refuse("\"\(by[twice])\" occurs twice", at: "by")
            }
        }
        let protect =
            reader.has("protect")
            ? reader.mappings("protect", owner: { "protected slice \($0)" }) { slice in
                Protected.read(by ?? [], checks, line, &slice)
            } : nil
        if let protect, protect.count > maxProtected {
            reader.refuse("at most \(maxProtected) slices are protected, here are \(protect.count)", at: "protect")
        }
        for (index, slice) in (protect ?? []).enumerated()
        where (protect ?? [])[..<index].contains(where: {
            ($0.slice, $0.value, $0.check) == (slice.slice, slice.value, slice.check)
        }) {
            reader.refuse("\(slice.check) of \(slice.slice) \(slice.value) is protected twice", at: "protect")
        }
        guard reader.isClean, let by else { return nil }
        return Self(by: by, protect: protect?.isEmpty == true ? nil : protect)
    }
}

extension CanaryDocument.Slices.Protected {
    fileprivate static func read(
        _ keys: [String],
        _ checks: [CanaryCheck],
        _ line: @escaping (String) -> String?,
        _ reader: inout MappingReader
    ) -> Self? {
        let slice = reader.value("slice", isRequired: true, expected: "one of by") { keys.contains($0) ? $0 : nil }
        let isLength = slice == "length"
        let lengths = RequestLength.allCases.map(\.rawValue)
        let value = reader.value(
            "value",
            isRequired: true,
            expected: isLength ? "one of: " + lengths.joined(separator: "; ") : "1 to 80 bytes on one line"
        ) { text in isLength && !lengths.contains(text) ? nil : line(text) }
        let check = reader.value("check", isRequired: true, expected: "the name of a check that decides") { name in
            checks.first { $0.name == name && !$0.isWatchOnly }
        }
        guard let check else {
            reader.allow(["mayDrop", "mayGrow"])
            return nil
        }
        let margin = reader.has(check.metric.marginKey) ? CanaryCheck.readMargin(of: check.metric, &reader) : nil
        guard reader.isClean, let slice, let value else { return nil }
        return Self(slice: slice, value: value, check: check.name, margin: margin)
    }
}
