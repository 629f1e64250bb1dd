public import RegistryTypes
import Wording

/// Who asks: the key behind a request.
public struct Caller: Hashable, Sendable {
    /// The name of the key, which the log records as the actor.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests.
    public let capture: CapturePolicy

    /// A caller with a role.
    public init(name: Name, role: Role, capture: CapturePolicy = .metadata) {
        self.name = name
        self.role = role
        self.capture = capture
    }

    /// Refuses an operation that the role does not allow.
    ///
    /// - Parameter what: The operation in words, where more can be said than its own.
    /// - Throws: ``ControlPlaneError`` of kind `notAllowed`.
    func require(_ operation: Operation, what: String? = nil) throws(ControlPlaneError) {
        let permission = operation.permission
        guard permission.isGranted(to: role) else {
            let needed = permission.minRole.map(\.rawValue) ?? "any"
            throw ControlPlaneError(
                .notAllowed,
                "key \"\(name)\" may not \(what ?? operation.words)",
                why: "its role is \(role.rawValue); this needs \(needed)",
                next: "ask an admin, or use another key: \(.login)"
            )
        }
    }

    /// Who acts when no person does.
    static let system = Caller(name: .known("serin"), role: .admin)
}
