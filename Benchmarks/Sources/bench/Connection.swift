import Foundation

/// A kept-alive HTTP/1.1 connection over a plain socket: one request at a time, answers read by Content-Length.
final class Connection {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            return nil
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    deinit { close(descriptor) }

    /// Sends a request and reads the answer; gives its status.
    func request(_ bytes: [UInt8]) -> Int? {
        guard send(bytes) else { return nil }
        var received = 0
        while true {
            let count = recv(descriptor, &buffer[received], buffer.count - received, 0)
            guard count > 0 else { return nil }
            received += count
            guard let end = headEnd(received) else { continue }
            let head = String(decoding: buffer[..<end], as: UTF8.self).lowercased()
            let length =
                head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
            while received < end + length {
                let more = recv(descriptor, &buffer[received], buffer.count - received, 0)
                guard more > 0 else { return nil }
                received += more
            }
            return Int(head.split(separator: " ")[1])
        }
    }

    /// Sends all bytes.
    func send(_ bytes: [UInt8]) -> Bool {
        Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Waits for bytes and adds what came to `collected`; false when the connection is closed.
    func receive(into collected: inout [UInt8]) -> Bool {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        collected += buffer[..<count]
        return true
    }

    private func headEnd(_ count: Int) -> Int? {
        guard count >= 4 else { return nil }
        for index in 0...(count - 4) where buffer[index] == 13 && buffer[index + 2] == 13 && buffer[index + 3] == 10 {
            return index + 4
        }
        return nil
    }
}
