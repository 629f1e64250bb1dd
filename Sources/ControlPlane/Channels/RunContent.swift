import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import UserDocuments

/// What a release runs, without what changes nothing: names of files, cards, numbers of versions, settings that say what happens
/// anyway. Two releases with an equal one answer alike, so that what is known against one of them holds for the other.
struct RunContent: DigestedContent, Hashable {
    /// The bytes of the weights, with an adapter's base; those of all files where there are no weights.
    let weights: Digest
    /// The prompt in its plainest form.
    let prompt: PromptDocument
    /// The settings that choose tokens.
    let decoding: DecodingSettings

    /// Reads what the content of a release of `model` runs.
    init(_ content: ReleaseContent, of model: Name, in state: CatalogState) throws {
        let version = try state.requireVersion(VersionID(model, content.version))
        weights = version.manifest.weights?.digest ?? version.digest
        prompt = Self.plain(try state.requirePrompt(content.prompt).document)
        decoding = Self.plain(content.decoding)
    }

    /// A prompt under no name of its own, with its rules written out, and without its settings, of which a release has its own.
    static func plain(_ prompt: PromptDocument) -> PromptDocument {
        PromptDocument(
            name: .known("prompt"),
            format: prompt.format,
            messages: prompt.messages,
            variables: prompt.variables,
            output: prompt.output.flatMap { try? OutputSchema(plain($0.json)) },
            thinking: prompt.format == .model ? prompt.thinking ?? .off : nil,
            clientSystem: prompt.clientSystemRule,
            deadlineSeconds: prompt.deadlineSeconds
        )
    }

    /// A schema whose sets are in one order.
    private static func plain(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in
                        guard ["required", "enum", "type"].contains(key), case .array(let values) = value else {
                            return (key, plain(value))
                        }
                        return (key, .array(values.sorted { text($0).lexicographicallyPrecedes(text($1)) }))
                    }
                )
            )
        case .array(let values): .array(values.map(plain))
        case .null, .bool, .number, .string: schema
        }
    }

    private static func text(_ value: JSONValue) -> Data { (try? CanonicalJSON.encode(value)) ?? Data() }

    /// Settings without those that say what happens anyway; where the most likely token is taken, nothing else chooses.
    static func plain(_ decoding: DecodingSettings) -> DecodingSettings {
        var settings = decoding
        if settings.topP == 1 { settings.topP = nil }
        if settings.minP == 0 { settings.minP = nil }
        if settings.typicalP == 1 { settings.typicalP = nil }
        if settings.repetitionPenalty == 1 { settings.repetitionPenalty = nil }
        if settings.frequencyPenalty == 0 { settings.frequencyPenalty = nil }
        if settings.presencePenalty == 0 { settings.presencePenalty = nil }
        if settings.logitBias?.isEmpty == true { settings.logitBias = nil }
        if settings.temperature == 0 {
            (settings.topK, settings.topP, settings.minP, settings.typicalP) = (nil, nil, nil, nil)
        }
        settings.stop = Set(settings.stop).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return settings
    }
}

extension PolicyFacts.Rejection {
    /// Why a release must not go to a channel without new evidence: it was taken back from there, or another one that runs the
    /// same was. The latter ends as the former does: by its promotion, or by settling there.
    init?(
        of release: ReleaseID,
        with content: ReleaseContent,
        in channel: Name,
        _ state: CatalogState
    ) throws {
        if let own = try state.release(release)?.rejection(in: channel) {
            self.init(reason: own.reason, time: own.at, seq: own.seq)
            return
        }
        guard try state.liveRelease(release.model, channel) != release.number else { return nil }
        let rejected = try state.releases(of: release.model, rejected: true).filter { $0.id != release }
        guard !rejected.isEmpty else { return nil }
        let run = try RunContent(content, of: release.model, in: state).digest()
        for other in rejected.reversed() {
            guard let rejection = other.rejection(in: channel),
                try RunContent(other.content, of: release.model, in: state).digest() == run
            else { continue }
            let hasComeBack = try state.moves(release.model, channel, limit: 1000).contains { move in
                move.to == release.number && move.seq > rejection.seq && (move.how == .promoted || move.settled)
            }
            guard !hasComeBack else { continue }
            self.init(
                reason: "\(other.id) runs the same and was: \(rejection.reason)",
                time: rejection.at,
                seq: rejection.seq
            )
            return
        }
        return nil
    }
}
