import Foundation
import RegistryTypes
import TrafficLog

/// Moves files that cannot be read out of the way, so that new ones can be made in their place: statistics never keep a registry
/// from starting. What is moved stays, below `damaged/` of the data folder, for whoever can still read it.
struct SetAside: Sendable {
    let root: String
    let now: Timestamp

    /// Moves the file at `name` and what SQLite keeps beside it.
    ///
    /// - Returns: Where the file is now, below the data folder; nil when it was not moved.
    func move(_ name: String) -> String? {
        let folder = root + "/damaged"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { return nil }
        let base = String(decoding: name.utf8.map { $0 == 0x2f ? 0x2d : $0 }, as: UTF8.self)
        var target = "damaged/\(base)-\(now.milliseconds)", count = 1
        while access("\(root)/\(target)", F_OK) == 0 {
            count += 1
            target = "damaged/\(base)-\(now.milliseconds)-\(count)"
        }
        guard rename("\(root)/\(name)", "\(root)/\(target)") == 0 else { return nil }
        // A write-ahead log without its file is none: it must not be read into the new one.
        for ending in ["-wal", "-shm"] where access("\(root)/\(name)\(ending)", F_OK) == 0 {
            if rename("\(root)/\(name)\(ending)", "\(root)/\(target)\(ending)") != 0 {
                unlink("\(root)/\(name)\(ending)")
            }
        }
        return target
    }

    /// Opens statistics; where they cannot be read, new ones in their place.
    ///
    /// - Parameters:
    ///   - name: The file, below the data folder.
    ///   - loss: What is lost with it, in words.
    ///   - note: Told what was set aside.
    /// - Throws: What `open` throws for a disk without room, and for a file that cannot be moved.
    func opening<Store>(
        _ name: String,
        loss: String,
        note: (String) -> Void,
        _ open: () throws -> Store
    ) throws -> Store {
        do {
            return try open()
        } catch let error as TrafficLogError where error.isReplaceable {
            guard let place = move(name) else { throw error }
            note("\(name) could not be read (\(error.why)) and is \(place) now: \(loss)")
            return try open()
        }
    }

    /// Says of a file of JSON that it cannot be read, after it was moved; nil for one that can, or that is not there.
    ///
    /// - Parameter isReadable: Whether these are the bytes of such a file.
    func movingUnreadable(_ name: String, loss: String, _ isReadable: (Data) -> Bool) -> String? {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(name)"), !isReadable(data) else { return nil }
        guard let place = move(name) else { return "\(name) cannot be read: \(loss)" }
        return "\(name) could not be read and is \(place) now: \(loss)"
    }
}
