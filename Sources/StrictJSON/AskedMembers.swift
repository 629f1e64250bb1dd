/// The members of objects that a value asked for while it was read, so that the others can be refused.
final class AskedMembers {
    private var objects: [[String]: (members: Set<String>, asked: Set<String>)] = [:]

    /// An object is read; it may be read more than once, by parts of one value.
    func open(_ path: CodingPath?, _ members: [String: JSONNode]) {
        objects[Self.words(path), default: (Set(members.keys), [])].members = Set(members.keys)
    }

    /// A member of the object at `path` is asked for.
    func ask(_ member: String, of path: CodingPath?) {
        objects[Self.words(path), default: ([], [])].asked.insert(member)
    }

    /// The first member, by its place, that nothing asked for.
    var unknown: UnknownMember? {
        for (path, object) in objects.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard let name = object.members.subtracting(object.asked).min() else { continue }
            return UnknownMember(path: path, name: name, known: object.asked.sorted())
        }
        return nil
    }

    private static func words(_ path: CodingPath?) -> [String] { path?.keys.map(\.stringValue) ?? [] }
}

/// A member of an object that nothing reads: misspelt, or of another build.
public struct UnknownMember: Error, Equatable, Sendable {
    /// The keys and places that lead to the object, from the outside in.
    public let path: [String]
    /// The member.
    public let name: String
    /// The members that the object may have, in order.
    public let known: [String]
}

extension UnknownMember: CustomStringConvertible {
    public var description: String {
        let place = path.isEmpty ? "" : " in \(path.joined(separator: "."))"
        return "unknown member \"\(name.printable)\"\(place)"
    }
}
