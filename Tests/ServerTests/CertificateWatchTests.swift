import Testing

@testable import Server

/// When the files of a certificate are read again.
struct CertificateWatchTests {
    /// Looks, and whether each leads to a reading.
    @Test(arguments: [
        ("aaaa", "...."), ("abbb", "..r."), ("abab", "...."), ("abcc", "...r"), ("abba", "..r."), ("abbaa", "..r.r"),
        ("abbccc", "..r.r."),
    ])
    func looksAndReadings(looks: String, readings: String) {
        var watch = CertificateWatch([String(looks.prefix(1))])
        var found = ""
        for look in looks { found += watch.shouldRead([String(look)]) ? "r" : "." }
        #expect(found == readings)
    }
}
