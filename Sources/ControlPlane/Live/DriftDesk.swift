import DriftAnalysis
import Foundation
import RegistryTypes
import ReleaseRuntime

/// Measures the texts of requests for drift, off the path of their answers and before they are redacted: numbers and
/// words of fixed lists, no text.
final class DriftDesk: Sendable {
    private let live: LiveLoad

    init(live: LiveLoad) { self.live = live }

    /// What a request is for drift analysis; nil when it says nothing.
    func describe(_ record: RequestRecord, _ body: RequestBody) async -> Data? {
        guard record.source == .user else { return nil }
        return RequestDescriptors(record: record, body: body).encoded()
    }
}
