import Foundation

/// What a process asked of the disk, in order: the records of `Tests/Faults/power-cut.c`, and the marks of the test between them.
struct DiskTrace {
    /// One file, whatever its names are.
    final class File {
        /// What is on the disk for certain.
        var synced = Data()
        /// What was asked for since its last sync, in order.
        var pending: [Change] = []
    }

    /// A change of a file's bytes.
    enum Change {
        case write(offset: Int, bytes: Data)
        case resize(to: Int)

        func apply(to data: inout Data) {
            switch self {
            case .write(let offset, let bytes):
                if data.count < offset { data.append(Data(count: offset - data.count)) }
                let end = min(data.count, offset + bytes.count)
                data.replaceSubrange(offset..<end, with: bytes)
            case .resize(let size):
                data = data.count > size ? data.prefix(size) : data + Data(count: size - data.count)
            }
        }
    }

    /// A record; paths are relative to the folder that was watched.
    enum Record {
        case create(path: String, inode: UInt64)
        case change(path: String, inode: UInt64, Change)
        case sync(path: String, inode: UInt64)
        case syncFolder(path: String)
        case rename(from: String, to: String, inode: UInt64)
        case link(from: String, to: String)
        case unlink(path: String)
        case makeFolder(path: String)
        /// The test was told something here: from now on it must be kept.
        case mark(String)
    }

    /// All records, in the order in which they were made.
    let records: [Record]

    private static let markCode: UInt8 = 9 + 1
    private static let headBytes = 1 + 8 + 8 + 4 + 4

    /// Reads a trace file whole.
    init(_ bytes: Data) {
        var records: [Record] = []
        var place = bytes.startIndex
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            bytes[(place + offset)..<(place + offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        while place + Self.headBytes <= bytes.endIndex {
            let inode = number(1, 8), offset = Int(number(9, 8))
            let pathStart = place + Self.headBytes
            let payloadStart = pathStart + Int(number(17, 4)), end = payloadStart + Int(number(21, 4))
            guard end <= bytes.endIndex else { break }
            let path = String(decoding: bytes[pathStart..<payloadStart], as: UTF8.self)
            let payload = bytes[payloadStart..<end]
            let other = String(decoding: payload, as: UTF8.self)
            switch bytes[place] {
            case 1: records.append(.create(path: path, inode: inode))
            case 2: records.append(.change(path: path, inode: inode, .write(offset: offset, bytes: Data(payload))))
            case 3: records.append(.change(path: path, inode: inode, .resize(to: offset)))
            case 4: records.append(.sync(path: path, inode: inode))
            case 5: records.append(.syncFolder(path: path))
            case 6: records.append(.rename(from: path, to: other, inode: inode))
            case 7: records.append(.link(from: path, to: other))
            case 8: records.append(.unlink(path: path))
            case 9: records.append(.makeFolder(path: path))
            default: records.append(.mark(path))
            }
            place = end
        }
        self.records = records
    }

    /// Adds a mark to a trace file that a process is writing: one append, which is whole or not there.
    static func mark(_ text: String, in trace: URL) throws {
        var record = Data([markCode]) + Data(count: 16)
        withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { record.append(contentsOf: $0) }
        record.append(Data(count: 4))
        record.append(contentsOf: text.utf8)
        let file = try FileHandle(forWritingTo: trace)
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: record)
    }

    /// Where marks lie: a cut right after one is the hardest.
    var marks: [Int] {
        records.indices.filter { if case .mark = records[$0] { true } else { false } }
    }
}
