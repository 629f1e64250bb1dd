import RegistryTypes

/// Stand-ins for the parts of an address that its pattern leaves open: the addresses ask for them, the patterns do
/// not hold them.
struct AnyParts {
    let name: Name
    let version: VersionID
    let release: ReleaseID

    init() throws(RegistryTypesError) {
        name = try Name("any")
        version = VersionID(name, 1)
        release = ReleaseID(name, 1)
    }
}
