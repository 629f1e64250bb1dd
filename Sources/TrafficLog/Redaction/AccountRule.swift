/// Finds bank accounts: the letters of a country, two check digits and as many letters and digits as that country
/// uses, in groups or not, whose remainder modulo 97 is 1 (ISO 13616, ISO 7064).
enum AccountRule {
    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        var index = span.lower
        while index + 15 <= span.upper {
            if ByteClasses.isLetter(span[index]), span.mayStart(index), let end = accountEnd(in: span, from: index) {
                claims.append(Claim(range: index..<end, kind: .iban))
                index = end
            } else {
                index += 1
            }
        }
    }

    /// How many letters and digits an account of the country at `index` has; nil where no account starts.
    static func length(in span: TextSpan, at index: Int) -> Int? {
        guard index + 4 <= span.upper, ByteClasses.isLetter(span[index]), ByteClasses.isLetter(span[index + 1]),
            ByteClasses.isDigit(span[index + 2]), ByteClasses.isDigit(span[index + 3])
        else { return nil }
        let first = Int((span[index] | 0x20) - 0x61)
        let second = Int((span[index + 1] | 0x20) - 0x61)
        let length = lengths[first * 26 + second]
        return length > 0 ? Int(length) : nil
    }

    private static func accountEnd(in span: TextSpan, from start: Int) -> Int? {
        guard let length = length(in: span, at: start) else { return nil }
        var count = 0
        var index = start
        // The four first signs go to the end for the remainder.
        var head = 0
        var rest = 0
        while count < length, index < span.upper {
            let byte = span[index]
            guard ByteClasses.isAlphanumeric(byte) else {
                let gap = Separators.width(in: span, at: index)
                guard gap > 0, byte != 0x2e, byte != 0x2f, byte != 0x28, byte != 0x29, index + gap < span.upper,
                    ByteClasses.isAlphanumeric(span[index + gap])
                else { return nil }
                index += gap
                continue
            }
            if count < 4 { head = appending(byte, to: head) } else { rest = appending(byte, to: rest) }
            count += 1
            index += 1
        }
        guard count == length, span.mayEnd(index) else { return nil }
        // The head has two letters and two digits: six places.
        return (rest * 1_000_000 + head) % 97 == 1 ? index : nil
    }

    private static func appending(_ byte: UInt8, to number: Int) -> Int {
        if ByteClasses.isDigit(byte) { return (number * 10 + Int(byte - 0x30)) % 970_000_000 }
        return (number * 100 + Int((byte | 0x20) - 0x61) + 10) % 970_000_000
    }

    /// The length of an account by country; 0 where there is none.
    private static let lengths: [UInt8] = {
        let known = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
            EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
            KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 \
            PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
            UA29 VA22 VG24 XK20 YE30
            """
        var lengths = [UInt8](repeating: 0, count: 26 * 26)
        for entry in known.utf8.split(separator: 0x20) {
            let bytes = Array(entry)
            guard bytes.count == 4 else { continue }
            lengths[Int(bytes[0] - 0x41) * 26 + Int(bytes[1] - 0x41)] = (bytes[2] - 0x30) * 10 + bytes[3] - 0x30
        }
        return lengths
    }()
}
