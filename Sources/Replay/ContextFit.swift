public import RegistryTypes
public import ReleaseRuntime
import Wording

/// How many requests of a set are longer than what a release can read, known before anything runs: each of them would get no
/// answer.
///
/// Only those are put into tokens that may be too long, a byte being a token at most, and no more than a bounded amount of
/// text: what is found is at least so many.
public struct ContextFit: Hashable, Sendable {
    /// Requests of the set.
    public let requests: Int
    /// Of those looked at, the ones that do not fit.
    public private(set) var tooLong = 0
    /// The most tokens of one of them.
    public private(set) var longest = 0
    /// Whether all that could be too long were looked at.
    public private(set) var isComplete = true
    private let contextLength: Int

    /// Bytes of text that are put into tokens at most.
    static let maxBytes = 2 << 20
    /// Tokens around a text that have no bytes of it, at most.
    private static let boundaryTokens = 16
    /// Bytes that a format writes around a message of a conversation, at most: of it, some are tokens of their own.
    private static let markupBytes = 64
    /// The share of requests that may get no answer: what a check may miss of its values.
    private static let maxTooLong = 0.05

    /// Puts `requests` to a release as it is in memory.
    public init(_ requests: some Collection<TrafficRequest>, _ release: LoadedRelease) {
        self.requests = requests.count
        contextLength = release.contextLength
        let own = (try? release.renderer.sample())?.text.utf8.count ?? 0
        var left = Self.maxBytes
        for request in requests {
            let bytes = own + request.byteCount + Self.markupBytes * (request.messages?.count ?? 0)
            guard bytes + Self.boundaryTokens >= contextLength else { continue }
            guard bytes <= left else {
                isComplete = false
                continue
            }
            left -= bytes
            do {
                _ = try release.renderer.render(
                    AnswerRequest.Input(request.content),
                    at: request.askedAt ?? AnswerRequest.untimed,
                    tools: release.takesTools ? request.tools : nil
                )
            } catch ReleaseRuntimeError.promptTooLong(let tokens, _) {
                tooLong += 1
                longest = max(longest, tokens)
            } catch {
                // What else is wrong with a request is said by ``RequestFit``, or when it is asked.
                continue
            }
        }
    }

    /// Whether so many do not fit that a run over them would show little.
    public var isTooFew: Bool { Double(tooLong) > Self.maxTooLong * Double(requests) }

    /// `300 of 300 requests are longer than the context of 512 tokens: up to 812 tokens`.
    public var problem: String {
        let count = (isComplete ? "" : "at least ") + NumberText.count(tooLong)
        return
            "\(count) of \(NumberText.count(requests, "request")) \(tooLong == 1 ? "is" : "are") longer than the context of "
            + "\(NumberText.count(contextLength, "token")): up to \(NumberText.count(longest, "token"))"
    }
}
