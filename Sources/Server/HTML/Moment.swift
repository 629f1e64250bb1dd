import RegistryTypes

/// A moment for the template `time`: readable, and exact in `datetime`. All times are UTC.
struct Moment: Hashable, Sendable {
    /// RFC 3339.
    let iso: HTMLText
    /// `2026-11-21 11:20`.
    let minute: HTMLText
    /// `2026-11-21`.
    let day: HTMLText
    /// `11:20:44`.
    let clock: HTMLText

    /// The moment `time`.
    init(_ time: Timestamp) {
        let text = time.description
        iso = HTMLText(text)
        minute = HTMLText("\(text.prefix(10)) \(text.dropFirst(11).prefix(5))")
        day = HTMLText(String(text.prefix(10)))
        clock = HTMLText(String(text.dropFirst(11).prefix(8)))
    }
}
