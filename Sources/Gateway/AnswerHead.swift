public import RegistryTypes
import ReleaseRuntime

/// What an answer says of where it comes from: the same in every part of it.
public struct AnswerHead: Hashable, Sendable {
    /// The number of the request.
    public let id: RequestID
    /// When it came.
    public let created: Timestamp
    /// The release that answers.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt version.
    public let prompt: VersionID
    /// The channel that led there; nil when a release or a version was named.
    public let channel: Name?
    /// Why that release answers.
    public let arm: TrafficArm

    init(_ id: RequestID, created: Timestamp, _ route: GatewayRoute) {
        self.id = id
        self.created = created
        release = route.release
        version = route.version
        prompt = route.prompt
        channel = route.channel
        arm = route.arm
    }

    /// The headers that name the release, in lower case.
    public var headers: [(name: String, value: String)] {
        [
            ("x-serin-release", release.description), ("x-serin-version", version.description),
            ("x-serin-prompt", prompt.description), ("x-serin-arm", arm.rawValue),
        ]
    }

    /// What computes, for `system_fingerprint`: with the same seed and the same numerics come the same tokens.
    static let fingerprint = "serin-numerics-\(EngineIdentity.numerics)"

    /// The members that every object of an answer begins with, the brace before them included.
    func opening(object: StaticString) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"id":"#)
        json.string("chatcmpl-\(id)")
        json.raw(#","object":""#)
        json.raw(object)
        json.raw(#"","created":"#)
        json.number(created.milliseconds / 1000)
        json.raw(#","model":"#)
        json.string(release.description)
        json.raw(#","system_fingerprint":"#)
        json.string(Self.fingerprint)
        return json.bytes
    }

    /// The member `serin`, with the comma before it: what OpenAI's API has no place for.
    func member(isOutputValid: Bool?) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#","serin":{"request":"#)
        json.string(id.text)
        json.raw(#","release":"#)
        json.string(release.description)
        json.raw(#","version":"#)
        json.string(version.description)
        json.raw(#","prompt":"#)
        json.string(prompt.description)
        json.raw(#","channel":"#)
        json.string(orNull: channel?.text)
        json.raw(#","arm":"#)
        json.string(arm.rawValue)
        if let isOutputValid {
            json.raw(#","output_valid":"#)
            json.bool(isOutputValid)
        }
        json.raw("}")
        return json.bytes
    }
}
