import Foundation

/// The dependencies of each target as written in `Package.swift`.
struct Manifest {
    /// Target → names of targets and products it lists.
    let dependencies: [String: Set<String>]

    init(_ text: String) {
        var products: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("let ") && line.contains(".product(name: \"") {
            let name = line.dropFirst(4).prefix { $0 != ":" }
            let product = line.split(separator: "\"")
            if product.count > 1 { products[String(name)] = String(product[1]) }
        }
        var dependencies: [String: Set<String>] = [:]
        for part in text.components(separatedBy: "arget(").dropFirst() {
            guard let name = Self.between("name: \"", "\"", in: part) else { continue }
            var listed: Set<String> = []
            let list = Self.between("dependencies: [", "]", in: part) ?? ""
            for item in list.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
                let word = item.trimmingCharacters(in: .whitespaces)
                if word.isEmpty { continue }
                listed.insert(word.hasPrefix("\"") ? String(word.dropFirst().dropLast()) : products[word] ?? word)
            }
            if dependencies[name] == nil { dependencies[name] = listed }
        }
        self.dependencies = dependencies
    }

    private static func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let from = text.range(of: start),
            let to = text.range(of: end, range: from.upperBound..<text.endIndex)
        else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }
}
