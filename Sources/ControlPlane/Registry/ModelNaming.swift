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
        let known = try state.displayName(of: model)
        guard let displayName, known != displayName else { return [] }
        return [.modelNamed(ModelNamed(model: model, displayName: displayName, before: known))]
    }

    /// What is to be said of a display name that takes the place of another one; nil where it does not.
    func warning(in state: CatalogState) throws -> String? {
        guard let displayName, let known = try state.displayName(of: model), known != displayName else { return nil }
        return "\(model) was known as \(known), and is known as \(displayName) from now on"
    }

    /// Another model that a reader would take for one called `text`, whatever its letters are, small or large.
    private func other(calledLike text: String, in state: CatalogState) throws -> Name? {
        try state.model(calledLike: text, besides: model)
    }

    /// Refuses a display name that belongs to another model, and a name that was derived and belongs to one.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict`, with what to type instead.
    func check(in state: CatalogState) throws {
        if try !state.hasModel(model), let other = try other(calledLike: model.text, in: state) {
            throw ControlPlaneError(
                .conflict,
                "\(other) is known as \(model) here",
                why: "a model of that name beside it would be taken for it",
                next: "publish to it by its name: \(.publish(model: other)); another --model NAME if it is another one"
            )
        }
        guard let displayName else { return }
        // One that a model has already stays valid, whatever others are called.
        if try state.displayName(of: model) == displayName { return }
        if let other = try other(calledLike: displayName.text, in: state) {
            throw ControlPlaneError(
                .conflict,
                "\(displayName) is the model \(other) here"
                    + (try state.displayName(of: other).map { ", known as \($0)" } ?? ""),
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

extension PublishAnswer {
    /// The answer with one more thing that its publisher should know.
    func warning(_ text: String?) -> PublishAnswer {
        guard let text else { return self }
        return PublishAnswer(
            version: version,
            created: created,
            known: known,
            previous: previous,
            fit: fit,
            displayName: displayName,
            warnings: (warnings ?? []) + [text],
            prompts: prompts,
            unseen: unseen
        )
    }
}
