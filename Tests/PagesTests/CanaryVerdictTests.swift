import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import Pages

/// What the band above a canary offers next.
@Suite struct CanaryVerdictTests {
    /// What is live is not offered for promotion.
    @Test(arguments: [false, true]) func whatIsLiveIsNotOffered(_ isLive: Bool) throws {
        let samples = Samples()
        let band = CanaryVerdict(samples.passed, document: try Name("tickets"), holds: nil, isLive: isLive)
        #expect((band.command == nil) == isLive)
        #expect(band.next.contains("is what is live in production") == isLive)
    }
}
