import Foundation

/// Something that a test waited for did not come.
package struct DidNotHappen: Error, CustomStringConvertible {
    /// What was waited for, and for how long.
    package let description: String

    /// - Parameter place: File and line of the wait.
    init(_ what: String, within limit: Duration, place: String) {
        description = "\(place): waited \(limit.components.seconds) s, and it still did not hold that \(what)"
    }
}

/// How many times longer a wait may take: `SERIN_TEST_SLOWNESS`, which `bin/test` sets where a sanitizer slows everything.
private let slowness = max(1, ProcessInfo.processInfo.environment["SERIN_TEST_SLOWNESS"].flatMap { Double($0) } ?? 1)

/// Waits until something holds, and looks every few milliseconds; the only way to wait in a test.
///
/// - Parameters:
///   - what: What is waited for, as it ends "it did not hold that …": `"the server answers"`.
///   - limit: How long it may take. Generous: it is only used up when the test fails.
///   - pause: How long it waits between two looks, under a second; zero where the moment itself is what is tested.
/// - Throws: ``DidNotHappen`` when it did not come in time, and what `condition` throws.
// Where a task can wait, it must: the other one is for functions without `async`.
@_disfavoredOverload
package func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(2),
    file: String = #fileID,
    line: Int = #line,
    _ condition: () throws -> Bool
) throws {
    let limit = limit * slowness
    let end = ContinuousClock.now.advanced(by: limit)
    while try !condition() {
        guard ContinuousClock.now < end else { throw DidNotHappen(what, within: limit, place: "\(file):\(line)") }
        if pause > .zero { usleep(UInt32(pause.components.attoseconds / 1_000_000_000_000)) }
    }
}

/// Waits in a task until something holds; the same as in a function without one.
nonisolated(nonsending) package func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(2),
    file: String = #fileID,
    line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    let limit = limit * slowness
    let end = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        guard ContinuousClock.now < end else { throw DidNotHappen(what, within: limit, place: "\(file):\(line)") }
        if pause > .zero { try await Task.sleep(for: pause) } else { await Task.yield() }
    }
}
