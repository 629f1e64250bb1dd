/// A stretch of a text that is to be replaced.
struct Claim: Hashable {
    let range: Range<Int>
    let kind: RedactionKind
}
