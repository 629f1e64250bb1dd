extension String {
    /// The text as a message may show it: control characters escaped, cut after 64 characters.
    package var shown: String {
        let scalars = unicodeScalars
        let start = scalars.prefix(64).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                scalar.escaped(asASCII: true)
            default:
                String(Character(scalar))
            }
        }
        return start.joined() + (scalars.dropFirst(64).isEmpty ? "" : "…")
    }
}
