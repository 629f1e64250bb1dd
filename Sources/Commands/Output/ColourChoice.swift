import ArgumentParser

/// When colours are used.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto
    case always
    case never
}
