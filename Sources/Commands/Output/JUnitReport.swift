import RegistryTypes
import StrictJSON

/// A report as JUnit XML, which continuous integration reads: one suite, and what was checked as its test cases.
struct JUnitReport: Sendable {
    /// How a test case came out.
    enum Outcome: Hashable, Sendable {
        /// It holds.
        case passed
        /// It does not hold; the kind is a word for programs.
        case failure(kind: String, String)
        /// It could not be told.
        case error(kind: String, String)
        /// It does not count, and why.
        case skipped(String)
    }

    /// One test case.
    struct Case: Hashable, Sendable {
        let name: String
        let outcome: Outcome
        /// What is said besides; nil for nothing.
        var output: String?
    }

    /// What the suite is called, such as `canary c-204`.
    let name: String
    /// What the cases belong to, such as `ticket-bot@r2`.
    let subject: String
    let cases: [Case]
    /// Wall seconds of the whole.
    let seconds: Double
    /// When it ended; nil where it has not.
    let at: Timestamp?

    /// The document.
    var text: String {
        var failures = 0, errors = 0, skipped = 0
        for item in cases {
            switch item.outcome {
            case .passed: break
            case .failure: failures += 1
            case .error: errors += 1
            case .skipped: skipped += 1
            }
        }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
        let time = "time=\"\(max(0, seconds))\""
        let stamp = at.map { " timestamp=\"\(Self.escaped("\($0)"))\"" } ?? ""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites \(counts) \(time)>",
            "  <testsuite name=\"\(Self.escaped(name))\" \(counts) \(time)\(stamp)>",
        ]
        for item in cases {
            let open = "    <testcase name=\"\(Self.escaped(item.name))\" classname=\"\(Self.escaped(subject))\""
            var inner: [String] = []
            switch item.outcome {
            case .passed: break
            case .failure(let kind, let message):
                inner.append("<failure type=\"\(Self.escaped(kind))\" message=\"\(Self.escaped(message))\"/>")
            case .error(let kind, let message):
                inner.append("<error type=\"\(Self.escaped(kind))\" message=\"\(Self.escaped(message))\"/>")
            case .skipped(let message): inner.append("<skipped message=\"\(Self.escaped(message))\"/>")
            }
            if let output = item.output { inner.append("<system-out>\(Self.escaped(output))</system-out>") }
            lines += inner.isEmpty ? [open + "/>"] : [open + ">"] + inner.map { "      " + $0 } + ["    </testcase>"]
        }
        return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
    }

    /// `text` as it may stand in an attribute or between tags. What XML 1.0 cannot hold at all becomes U+FFFD; line ends and
    /// tabs are written as references, so that a reader gives them back.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView(), before: UInt32?
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result.append(contentsOf: "&amp;".unicodeScalars)
            case 0x3c: result.append(contentsOf: "&lt;".unicodeScalars)
            case 0x3e: result.append(contentsOf: "&gt;".unicodeScalars)
            case 0x22: result.append(contentsOf: "&quot;".unicodeScalars)
            case 0x09, 0x0a, 0x0d: result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case 0xfffe, 0xffff: result.append("\u{fffd}")
            case let value where HiddenScalars.hides(value, behind: before): result.append("\u{fffd}")
            default: result.append(scalar)
            }
            before = scalar.value
        }
        return String(result)
    }
}
