import Catalog
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What a publisher calls a model besides its name, and whether that may be.
struct ModelNaming: Sendable {
    private let model: Name
    private let displayName: DisplayName?
    private let isDerived: Bool

    init(_ model: Name, _ request: PublishRequest) {
        self.model = model
        displayName = request.displayName
        isDerived = request.isDerivedName == true
    }

    /// The event that gives the model its display name, where it has another one or none.
    ///
    /// - Throws: as ``check(in:)``.
    func events(in state: CatalogState) throws -> [RegistryEvent] {
        try check(in: state)
        guard let displayName, try state.displayName(of: model) != displayName else { return [] }
        return [.modelNamed(ModelNamed(model: model, displayName: displayName))]
    }

    /// Refuses a display name that belongs to another model, and a name that was derived and belongs to one.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict`, with what to type instead.
    func check(in state: CatalogState) throws {
        guard let displayName else { return }
        if let other = try state.model(displayedAs: displayName), other != model {
            throw ControlPlaneError(
                .conflict,
                "\(displayName) is the model \(other) here",
                why: "one display name is one model",
                next: "publish to it by its name: \(.publish(model: other))"
            )
        }
        guard isDerived, try state.hasModel(model) else { return }
        let known = try state.displayName(of: model)
        guard known != displayName else { return }
        throw ControlPlaneError(
            .conflict,
            "the name made of \(displayName) is \(model), and there is a model \(model)"
                + (known.map { ", known as \($0)" } ?? ""),
            why: "whether both are one model is yours to say",
            next: "\(.publish(model: model, displayName: displayName)) if they are; another --model NAME if not"
        )
    }
}
