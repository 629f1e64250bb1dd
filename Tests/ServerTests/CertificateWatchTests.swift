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
        var watch = CertificateWatch(looks.first)
        var found = ""
        for look in looks { found += watch.shouldRead(look) ? "r" : "." }
        #expect(found == readings)
    }
}
