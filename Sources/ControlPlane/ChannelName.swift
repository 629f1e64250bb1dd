import RegistryTypes

extension Name {
    /// A name written in the source, which is valid.
    static func known(_ text: StaticString) -> Name {
        do {
            return try Name("\(text)")
        } catch {
            preconditionFailure("\(text) is not a name")
        }
    }
}
