/// Coordinates and outlines of the drawings, as SVG writes them.
enum Drawing {
    /// A coordinate, to a tenth of a pixel.
    static func coordinate(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard tenths.isFinite, abs(tenths) < 1e9 else { return "0" }
        let whole = Int(tenths)
        let sign = whole < 0 ? "-" : "", size = whole.magnitude
        return size % 10 == 0 ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
    }

    /// A coordinate for a template.
    static func place(_ value: Double) -> HTMLText { HTMLText(coordinate(value)) }

    /// A line through points; nil breaks it. A point between two breaks becomes a dash as wide as a pixel.
    static func line(_ points: [(x: Double, y: Double)?]) -> String {
        var path = "", isOpen = false
        for (index, point) in points.enumerated() {
            guard let point else {
                isOpen = false
                continue
            }
            path += (isOpen ? "L" : "M") + "\(coordinate(point.x)) \(coordinate(point.y))"
            let isLast = index + 1 == points.count || points[index + 1] == nil
            if !isOpen, isLast { path += "h1" }
            isOpen = true
        }
        return path
    }

    /// Steps of equal height over `from..<to`, joined where they touch; nil leaves a gap.
    static func steps(_ stretches: [(from: Double, to: Double, y: Double)?]) -> String {
        var path = "", end = Double.nan
        for stretch in stretches {
            guard let stretch else {
                end = .nan
                continue
            }
            if abs(stretch.from - end) < 0.15 {
                path += "V\(coordinate(stretch.y))"
            } else {
                path += "M\(coordinate(stretch.from)) \(coordinate(stretch.y))"
            }
            path += "H\(coordinate(stretch.to))"
            end = stretch.to
        }
        return path
    }

    /// Upright bars on `floor`.
    static func bars(_ bars: [(x: Double, y: Double)], floor: Double) -> String {
        bars.map { "M\(coordinate($0.x)) \(coordinate(floor))V\(coordinate($0.y))" }.joined()
    }

    /// The symbols of a drawing, around a point.
    enum Symbol {
        case triangle, diamond, cross, circle

        /// The outline around `x`, `y`.
        func outline(_ x: Double, _ y: Double) -> String {
            let start = "M\(coordinate(x)) \(coordinate(y))"
            switch self {
            case .triangle: return start + "m0-5 5 9h-10z"
            case .diamond: return start + "m0-6 5 6-5 6-5-6z"
            case .cross: return start + "m-5-3 2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z"
            case .circle: return start + "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"
            }
        }
    }
}
