/// The signs between the groups of a number: space, tab, `-`, `.`, `/`, brackets, and the spaces and hyphens that do
/// not break a line.
enum Separators {
    /// How many bytes the separator at `index` has; 0 where there is none.
    static func width(in span: TextSpan, at index: Int) -> Int {
        switch span[index] {
        case 0x20, 0x09, 0x2d, 0x2e, 0x2f, 0x28, 0x29: return 1
        case 0xc2: return index + 1 < span.upper && span[index + 1] == 0xa0 ? 2 : 0
        case 0xe2:
            guard index + 2 < span.upper, span[index + 1] == 0x80 else { return 0 }
            switch span[index + 2] {
            // U+2009 thin space, U+2010 to U+2013 hyphens and the en dash, U+202F narrow space.
            case 0x89, 0x90, 0x91, 0x92, 0x93, 0xaf: return 3
            default: return 0
            }
        default: return 0
        }
    }
}
