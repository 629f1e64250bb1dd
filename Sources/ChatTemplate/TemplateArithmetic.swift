/// Sums, products and the rest as Python works them out, in 64 bits: what does not fit is an error.
enum TemplateArithmetic {
    static func result(
        of operation: TemplateProgram.Arithmetic,
        _ left: TemplateValue,
        _ right: TemplateValue,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        if let left = PythonOrder.Number(left), let right = PythonOrder.Number(right) {
            if case .integer(let left) = left, case .integer(let right) = right {
                return try whole(operation, left, right)
            }
            return .real(try real(operation, left.real, right.real))
        }
        switch (operation, left, right) {
        case (.add, .text(let left), .text(let right)):
            try meter.chargeText(left.byteCount + right.byteCount)
            guard left.isMarkup || right.isMarkup else { return .text(left + right) }
            let joined = TemplateText.joinedAsMarkup(left, right)
            try meter.chargeText(joined.byteCount)
            return .text(joined)
        case (.add, .list(let left), .list(let right)) where left.isTuple == right.isTuple:
            try meter.chargeElements(left.elements.count + right.elements.count)
            return .list(TemplateList(left.elements + right.elements, isTuple: left.isTuple))
        case (.multiply, _, _):
            if case .integer(let count)? = PythonOrder.Number(right) { return try repeated(left, count, &meter) }
            if case .integer(let count)? = PythonOrder.Number(left) { return try repeated(right, count, &meter) }
        case (.modulo, .text, _):
            throw TemplateFailure(.unsupported, "% after a text is not understood here: put texts together with ~")
        case (.add, .text, _), (.add, _, .text):
            throw .value("\(left.kind) and \(right.kind) cannot be added: put them together with ~")
        case (_, _, _): break
        }
        throw .value("\(left.kind) and \(right.kind) cannot be combined like this: check what they are before")
    }

    private static func repeated(
        _ value: TemplateValue,
        _ count: Int,
        _ meter: inout TemplateMeter
    ) throws(TemplateFailure) -> TemplateValue {
        switch value {
        case .text(let text):
            guard let bytes = TemplateMeter.length(text.byteCount, times: count) else {
                throw .limit("it makes a text too long for memory: repeat it less often")
            }
            try meter.chargeText(bytes)
            var builder = TemplateTextBuilder()
            if bytes > 0 { for _ in 0..<count { builder.append(text) } }
            return .text(builder.text.marked(text.isMarkup))
        case .list(let list):
            guard let total = TemplateMeter.length(list.elements.count, times: count) else {
                throw .limit("it makes a list too long for memory: repeat it less often")
            }
            try meter.chargeElements(total)
            var elements: [TemplateValue] = []
            if total > 0 { for _ in 0..<count { elements += list.elements } }
            return .list(TemplateList(elements, isTuple: list.isTuple))
        case .undefined, .none, .bool, .integer, .real, .mapping, .handle:
            throw .value("\(value.kind) cannot be repeated: only texts and lists can")
        }
    }

    private static func whole(
        _ operation: TemplateProgram.Arithmetic,
        _ left: Int,
        _ right: Int
    ) throws(TemplateFailure) -> TemplateValue {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { throw divisionByZero }
            return .real(Double(left) / Double(right))
        case .floorDivide:
            guard right != 0 else { throw divisionByZero }
            let quotient = left.dividedReportingOverflow(by: right)
            let isBelow = !quotient.overflow && left % right != 0 && (left < 0) != (right < 0)
            result = (isBelow ? quotient.partialValue - 1 : quotient.partialValue, quotient.overflow)
        case .modulo:
            guard right != 0 else { throw divisionByZero }
            let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
            return .integer(remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
        case .power:
            guard right >= 0 else { return .real(try power(Double(left), right)) }
            result = power(left, right)
        }
        guard !result.overflow else {
            throw .limit("a whole number has at most 64 bits: keep it smaller")
        }
        return .integer(result.partialValue)
    }

    private static func power(_ base: Int, _ exponent: Int) -> (partialValue: Int, overflow: Bool) {
        var result = 1, square = base, exponent = exponent
        var squareOverflows = false
        while exponent > 0 {
            if exponent & 1 == 1 {
                let product = result.multipliedReportingOverflow(by: square)
                if squareOverflows || product.overflow { return (0, true) }
                result = product.partialValue
            }
            exponent >>= 1
            if exponent > 0 {
                let next = square.multipliedReportingOverflow(by: square)
                squareOverflows = squareOverflows || next.overflow
                square = next.partialValue
            }
        }
        return (result, false)
    }

    /// A power with a whole exponent, by squares: the same bits on every machine.
    private static func power(_ base: Double, _ exponent: Int) throws(TemplateFailure) -> Double {
        if base == 0, exponent < 0 { throw divisionByZero }
        var result = 1.0, square = base, left = exponent.magnitude
        while left > 0 {
            if left & 1 == 1 { result *= square }
            square *= square
            left >>= 1
        }
        return exponent < 0 ? 1 / result : result
    }

    private static func real(
        _ operation: TemplateProgram.Arithmetic,
        _ left: Double,
        _ right: Double
    ) throws(TemplateFailure) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else { throw divisionByZero }
            return left / right
        case .floorDivide:
            guard right != 0 else { throw divisionByZero }
            return (left / right).rounded(.down)
        case .modulo:
            guard right != 0 else { throw divisionByZero }
            let remainder = left.truncatingRemainder(dividingBy: right)
            return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
        case .power:
            guard let whole = Int(exactly: right) else {
                throw TemplateFailure(.unsupported, "a power with a fraction is not understood here")
            }
            return try power(left, whole)
        }
    }

    private static var divisionByZero: TemplateFailure { .value("it divides by zero: check the divisor before") }
}
