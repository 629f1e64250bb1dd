/// Where a value stands, from the inside out: only errors ask for it.
final class CodingPath: Sendable {
    let key: any CodingKey
    let parent: CodingPath?

    init(_ key: any CodingKey, in parent: CodingPath?) {
        self.key = key
        self.parent = parent
    }

    var keys: [any CodingKey] { (parent?.keys ?? []) + [key] }
}
