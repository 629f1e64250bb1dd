extension String {
    /// At most 80 bytes of the text, with control bytes shown as `?`: safe to quote in one line of an error.
    package var printable: String {
        let bytes = utf8.prefix(80).map { $0 < 0x20 || $0 == 0x7f ? UInt8(0x3f) : $0 }
        return String(decoding: bytes, as: UTF8.self) + (utf8.count > 80 ? "…" : "")
    }
}
