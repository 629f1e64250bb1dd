/// The classes of characters by which text is cut. The Unicode database has its version fixed here, so that a text has
/// the same tokens whatever toolchain built the engine.
enum CharacterClass: UInt8 {
    /// Categories Lu and Lt.
    case uppercase
    /// Category Ll.
    case lowercase
    /// Letters without case: categories Lm and Lo.
    case caseless
    /// Category M.
    case mark
    /// Category N.
    case number
    /// Category P.
    case punctuation
    /// Category S.
    case symbol
    /// The property White_Space.
    case space
    /// All the rest: control and format characters, private use, what is not assigned.
    case other
    /// Past the end of a text.
    case end

    private init?(letter: UInt8) {
        switch letter {
        case 0x75: self = .uppercase  // u
        case 0x6c: self = .lowercase  // l
        case 0x6f: self = .caseless  // o
        case 0x6d: self = .mark  // m
        case 0x6e: self = .number  // n
        case 0x70: self = .punctuation  // p
        case 0x73: self = .symbol  // s
        case 0x77: self = .space  // w
        case 0x78: self = .other  // x
        default: return nil
        }
    }

    /// The class of every scalar, by its value.
    static let table: [CharacterClass] = {
        var classes: [CharacterClass] = []
        classes.reserveCapacity(0x110000)
        var count = 0
        for character in UnicodeClassRuns.text.utf8 {
            if let kind = CharacterClass(letter: character) {
                classes.append(contentsOf: repeatElement(kind, count: max(1, count)))
                count = 0
            } else if (0x30...0x39).contains(character) {
                count = count * 10 + Int(character - 0x30)
            }
        }
        return classes
    }()
}

/// A set of classes.
struct CharacterClasses: OptionSet {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ classes: CharacterClass...) {
        rawValue = classes.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    func contains(_ kind: CharacterClass) -> Bool { rawValue >> UInt16(kind.rawValue) & 1 == 1 }

    static let letters = CharacterClasses(.uppercase, .lowercase, .caseless)
    static let lettersAndMarks = CharacterClasses(.uppercase, .lowercase, .caseless, .mark)
    /// What may stand in a word before its first small letter.
    static let notLowercase = CharacterClasses(.uppercase, .caseless, .mark)
    /// What may stand in a word after its last capital letter.
    static let notUppercase = CharacterClasses(.lowercase, .caseless, .mark)
    static let numbers = CharacterClasses(.number)
    static let spaces = CharacterClasses(.space)
    static let punctuation = CharacterClasses(.punctuation)
    /// Neither space nor letter nor number.
    static let signs = CharacterClasses(.mark, .punctuation, .symbol, .other)
    /// Signs without marks.
    static let signsWithoutMarks = CharacterClasses(.punctuation, .symbol, .other)
}

/// Text as Unicode scalars with their classes. Reading past the end gives `end` and 0.
struct ScalarText {
    /// Byte offset of each scalar in UTF-8, and of the end.
    private(set) var offsets: [Int] = []
    private var scalars: [UInt32] = []
    private var classes: [CharacterClass] = []

    var count: Int { scalars.count }

    init(_ text: String) { self.init(Array(text.utf8)[...]) }

    /// - Parameter utf8: valid UTF-8; offsets count from its beginning.
    init(_ utf8: ArraySlice<UInt8>) {
        let table = CharacterClass.table
        offsets.reserveCapacity(utf8.count + 1)
        scalars.reserveCapacity(utf8.count)
        classes.reserveCapacity(utf8.count)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let (scalar, length) = Self.decode(utf8, index)
            offsets.append(index - utf8.startIndex)
            scalars.append(scalar)
            classes.append(scalar < table.count ? table[Int(scalar)] : .other)
            index += length
        }
        offsets.append(utf8.count)
    }

    private static func decode(_ utf8: ArraySlice<UInt8>, _ index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(utf8[index])
        let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard length > 1, index + length <= utf8.endIndex else { return (first, 1) }
        var scalar = first & (0x7f >> UInt32(length))
        for next in index + 1..<index + length { scalar = scalar << 6 | UInt32(utf8[next] & 0x3f) }
        return (scalar, length)
    }

    func scalar(_ index: Int) -> UInt32 { index < scalars.count ? scalars[index] : 0 }

    func kind(_ index: Int) -> CharacterClass { index < classes.count ? classes[index] : .end }
}
