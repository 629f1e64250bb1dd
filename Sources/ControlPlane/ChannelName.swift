import RegistryTypes

extension Name {
    /// The channel that applications call when they name none. The literal is a valid name.
    static let production = Name.known("production")

    /// A name written in the source, which is valid.
    static func known(_ text: StaticString) -> Name {
        do {
            return try Name("\(text)")
        } catch {
            preconditionFailure("\(text) is not a name")
        }
    }
}
