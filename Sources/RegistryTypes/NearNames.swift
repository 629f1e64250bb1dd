import StrictYAML

/// Finds names that were probably meant.
public enum NearNames {
    /// At most `count` of `known`, nearest first: those of which one contains the other, and those that differ in at
    /// most half of their bytes.
    public static func nearest(to name: String, in known: [String], count: Int = 3) -> [String] {
        let wanted = Array(name.utf8.prefix(128))
        let ranked = known.compactMap { candidate -> (name: String, distance: Int)? in
            let bytes = Array(candidate.utf8.prefix(128))
            let distance = NearName.distance(wanted, bytes)
            let isNear = distance <= max(1, max(wanted.count, bytes.count) / 2)
            let isPart = !wanted.isEmpty && (contains(bytes, wanted) || contains(wanted, bytes))
            return isNear || isPart ? (candidate, distance) : nil
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(count).map(\.name)
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        part.count <= text.count
            && (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
