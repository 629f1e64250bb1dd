import Foundation

// slo [months] [seed]: prints the tables of docs/slo.md; `slo timing` only what it costs.
let arguments = CommandLine.arguments.dropFirst()
if arguments.first != "timing" {
    let months = arguments.first.flatMap { Int($0) } ?? 12
    let seed = arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
    var tables = Tables(months: max(1, months), seed: seed)
    tables.falseAlarms()
    tables.detection()
    tables.naive()
    tables.looseTargets()
}
try Timing().run()
