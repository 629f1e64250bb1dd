import RegistryTypes
import WireFormat

/// How the capture of requests stands, in words.
enum CaptureWords {
    /// `4,210 of 4,212 requests stored, 2 dropped (queue full 2)`.
    static func standing(_ capture: CaptureView) -> String {
        guard capture.offered > 0 else { return "no request was offered since the server started" }
        let stored = "\(Figures.count(capture.stored)) of \(Figures.count(capture.offered, "request")) stored"
        return stored + "; " + dropped(capture)
    }

    /// `none dropped`, or how many and why.
    static func dropped(_ capture: CaptureView) -> String {
        let reasons = capture.dropped.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !reasons.isEmpty else { return "none dropped" }
        let total = reasons.reduce(0) { $0 + $1.value }
        let why = reasons.map { "\($0.key) \(Figures.count($0.value))" }.joined(separator: ", ")
        return "\(Figures.count(total)) dropped (\(why))"
    }
}
