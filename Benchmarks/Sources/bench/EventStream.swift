import Foundation

/// A kept-alive connection whose answers come as server-sent events in HTTP chunks.
final class EventStream {
    private let connection: Connection
    private var buffer: [UInt8] = []

    init?(port: UInt16) {
        guard let connection = Connection(port: port) else { return nil }
        self.connection = connection
    }

    /// Sends a request and reads all events of its answer; nil when it is not one, or was cut off.
    ///
    /// - Returns: how many events came, `[DONE]` not counted.
    func events(_ request: [UInt8]) -> Int? {
        guard connection.send(request) else { return nil }
        buffer.removeAll(keepingCapacity: true)
        let end = Array("0\r\n\r\n".utf8), done = Array("data: [DONE]\n\n".utf8)
        while !(buffer.suffix(end.count).elementsEqual(end)) {
            guard connection.receive(into: &buffer) else { return nil }
        }
        guard buffer.starts(with: "HTTP/1.1 200".utf8), count(of: done) == 1 else { return nil }
        return count(of: Array("data: {".utf8))
    }

    private func count(of mark: [UInt8]) -> Int {
        guard buffer.count >= mark.count else { return 0 }
        var found = 0
        for start in 0...(buffer.count - mark.count) where buffer[start] == mark[0] {
            if buffer[start..<start + mark.count].elementsEqual(mark) { found += 1 }
        }
        return found
    }
}
