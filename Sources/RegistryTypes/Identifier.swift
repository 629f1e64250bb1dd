/// The number of a thing that has a number of its own, written with its prefix: `c-204`, `e-51`, `dec-1190`.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number, from 1 on; never reused.
    public let number: Int

    /// The identifier with `number`.
    public init(_ number: Int) { self.number = number }

    /// Reads `c-204`.
    ///
    /// - Throws: ``RegistryTypesError/badIdentifier(_:expectedPrefix:)``.
    public init(text: String) throws(RegistryTypesError) {
        let bytes = Array(text.utf8), prefix = Array(Kind.prefix.utf8)
        let digits = bytes.dropFirst(prefix.count)
        guard bytes.starts(with: prefix), !digits.isEmpty, digits.count <= 12, digits.first != 0x30,
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { throw .badIdentifier(text, expectedPrefix: Kind.prefix) }
        self.number = number
    }

    public var description: String { Kind.prefix + String(number) }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(text: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What an ``Identifier`` numbers.
public protocol IdentifierKind: Sendable {
    /// The letters before the number, with the dash.
    static var prefix: String { get }
}

/// Numbers canaries.
public enum CanaryKind: IdentifierKind {
    public static let prefix = "c-"
}

/// Numbers evaluations.
public enum EvaluationKind: IdentifierKind {
    public static let prefix = "e-"
}

/// Numbers decisions.
public enum DecisionKind: IdentifierKind {
    public static let prefix = "dec-"
}

/// Numbers rollouts.
public enum RolloutKind: IdentifierKind {
    public static let prefix = "ro-"
}

/// Numbers incidents.
public enum IncidentKind: IdentifierKind {
    public static let prefix = "i-"
}

/// Numbers drift reports.
public enum DriftKind: IdentifierKind {
    public static let prefix = "d-"
}

/// Numbers the references that drift is measured against.
public enum BaselineKind: IdentifierKind {
    public static let prefix = "b-"
}

/// The number of a canary, such as `c-204`.
public typealias CanaryID = Identifier<CanaryKind>
/// The number of an evaluation, such as `e-51`.
public typealias EvaluationID = Identifier<EvaluationKind>
/// The number of a decision, such as `dec-1190`.
public typealias DecisionID = Identifier<DecisionKind>
/// The number of a rollout, such as `ro-7`.
public typealias RolloutID = Identifier<RolloutKind>
/// The number of an incident, such as `i-12`.
public typealias IncidentID = Identifier<IncidentKind>
/// The number of a drift report, such as `d-88`.
public typealias DriftID = Identifier<DriftKind>
/// The number of a reference that drift is measured against, such as `b-3`.
public typealias BaselineID = Identifier<BaselineKind>

/// One version of a model or of a prompt: `ticket-bot@7`, `triage@3`.
public struct VersionID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The model or the prompt.
    public let name: Name
    /// The version, from 1 on; never reused.
    public let number: Int

    /// The version `number` of `name`.
    public init(_ name: Name, _ number: Int) {
        self.name = name
        self.number = number
    }

    public var description: String { "\(name)@\(number)" }
}

/// One release of a model: `ticket-bot@r12`.
public struct ReleaseID: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The model.
    public let model: Name
    /// The number of the release within the model, from 1 on; never reused.
    public let number: Int

    /// The release `number` of `model`.
    public init(_ model: Name, _ number: Int) {
        self.model = model
        self.number = number
    }

    public var description: String { "\(model)@r\(number)" }
}

/// The name of a job, such as `c-204` or `e-51`.
public enum JobID: Hashable, Sendable, CustomStringConvertible {
    /// A replay canary.
    case canary(CanaryID)
    /// An evaluation.
    case evaluation(EvaluationID)

    public var description: String {
        switch self {
        case .canary(let id): id.description
        case .evaluation(let id): id.description
        }
    }
}
