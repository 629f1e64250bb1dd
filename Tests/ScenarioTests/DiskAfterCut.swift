import Foundation
import SeededRandom

/// What a disk could hold when the power went after a number of records of a trace.
///
/// Bytes of a file are certain once it was synced; of what was written since, any part may have arrived, torn at any
/// 512 bytes. Names depend on the model.
struct DiskAfterCut {
    /// How names reach the disk.
    enum Names: String, CaseIterable {
        /// One journal, as ext4 has it: names arrive in order, and any sync commits all that were asked for before it.
        case journal
        /// What POSIX promises: a name is certain only after a sync of its folder, others arrive or not, each by itself.
        case posix
    }

    private enum NameChange {
        case add(path: String, file: DiskTrace.File)
        case rename(from: String, to: String)
        case remove(path: String)
        case makeFolder(path: String)

        /// The path whose folder must be synced.
        var path: String {
            switch self {
            case .add(let path, _), .remove(let path), .makeFolder(let path): path
            case .rename(_, let to): to
            }
        }
    }

    /// The files that are there, by path.
    private(set) var files: [String: Data] = [:]
    /// The folders that are there.
    private(set) var folders: Set<String> = []
    /// What the test had been told.
    private(set) var marks: [String] = []

    /// - Parameters:
    ///   - count: The records that were made before the cut.
    ///   - skippedSyncs: Paths whose syncs did nothing: a planted fault.
    init(
        _ trace: DiskTrace,
        after count: Int,
        names: Names,
        seed: UInt64,
        skippedSyncs: (String) -> Bool = { _ in false }
    ) {
        var live: [String: DiskTrace.File] = [:], byInode: [UInt64: DiskTrace.File] = [:]
        var changes: [NameChange] = [], isCertain: [Bool] = [], committed = 0
        func add(_ change: NameChange) {
            changes.append(change)
            isCertain.append(false)
        }
        func file(_ path: String, _ inode: UInt64) -> DiskTrace.File? {
            if let file = byInode[inode] { return file }
            // Its last name is gone: what is written to it reaches nobody.
            if path.utf8.suffix(10).elementsEqual(" (deleted)".utf8) { return nil }
            let file = DiskTrace.File()
            byInode[inode] = file
            live[path] = file
            add(.add(path: path, file: file))
            return file
        }
        for record in trace.records.prefix(count) {
            switch record {
            case .create(let path, let inode):
                // An inode that is used again is another file.
                if live[path] == nil { byInode[inode] = nil }
                _ = file(path, inode)
            case .change(let path, let inode, let change): file(path, inode)?.pending.append(change)
            case .sync(let path, let inode):
                guard !skippedSyncs(path) else { continue }
                if let file = byInode[inode] {
                    for change in file.pending { change.apply(to: &file.synced) }
                    file.pending = []
                }
                committed = changes.count
            case .syncFolder(let path):
                guard !skippedSyncs(path) else { continue }
                committed = changes.count
                for (number, change) in changes.enumerated() where Self.folder(change.path) == path {
                    isCertain[number] = true
                }
            case .rename(let from, let to, let inode):
                let moved = live.removeValue(forKey: from) ?? byInode[inode]
                if let moved {
                    live[to] = moved
                } else {
                    // A folder takes what is in it along.
                    for path in live.keys where path.utf8.starts(with: "\(from)/".utf8) {
                        live[to + path.dropFirst(from.count)] = live.removeValue(forKey: path)
                    }
                }
                add(.rename(from: from, to: to))
            case .link(let from, let to):
                guard let linked = live[from] else { continue }
                live[to] = linked
                add(.add(path: to, file: linked))
            case .unlink(let path):
                live[path] = nil
                add(.remove(path: path))
            case .makeFolder(let path): add(.makeFolder(path: path))
            case .mark(let text): marks.append(text)
            }
        }
        var draw = SplitMix64(seed: seed)
        let kept: [Bool]
        switch names {
        case .journal:
            let arrived = Int.random(in: committed...changes.count, using: &draw)
            kept = changes.indices.map { $0 < arrived }
        case .posix: kept = isCertain.map { $0 || Bool.random(using: &draw) }
        }
        hold(zip(changes, kept).filter(\.1).map(\.0), all: changes, &draw)
    }

    private mutating func hold(_ kept: [NameChange], all: [NameChange], _ draw: inout SplitMix64) {
        var view: [String: DiskTrace.File] = [:]
        for change in kept {
            switch change {
            case .add(let path, let file): view[path] = file
            case .remove(let path):
                view[path] = nil
                folders.remove(path)
            case .makeFolder(let path): folders.insert(path)
            case .rename(let from, let to):
                if folders.remove(from) != nil { folders.insert(to) }
                for path in view.keys where path.utf8.starts(with: "\(from)/".utf8) {
                    view[to + path.dropFirst(from.count)] = view.removeValue(forKey: path)
                }
                if let file = view.removeValue(forKey: from) {
                    view[to] = file
                } else {
                    // Its first name never arrived; the file does, under the second.
                    for case .add(from, let file) in all { view[to] = file }
                }
            }
        }
        // In one order, so that one seed is one disk.
        for (path, file) in view.sorted(by: { $0.key < $1.key }) {
            var bytes = file.synced
            let fate = Double.random(in: 0..<1, using: &draw)
            for change in file.pending where fate >= 0.3 {
                guard fate > 0.85 || Bool.random(using: &draw) else { continue }
                if case .write(let offset, let written) = change, Double.random(in: 0..<1, using: &draw) < 0.3 {
                    let count = Int.random(in: 0...written.count, using: &draw) / 512 * 512
                    DiskTrace.Change.write(offset: offset, bytes: written.prefix(count)).apply(to: &bytes)
                } else {
                    change.apply(to: &bytes)
                }
            }
            files[path] = bytes
        }
    }

    /// Writes it below a folder that is not there yet.
    func write(to root: URL) throws {
        let manager = FileManager.default
        try manager.createDirectory(at: root, withIntermediateDirectories: true)
        for folder in folders {
            try manager.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        for (path, bytes) in files {
            let file = root.appending(path: path)
            try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
    }

    private static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
