import Foundation
import Synchronization
import TestSupport

extension ScratchFolder {
    /// The samples in it.
    var samples: String { file("c-204.db") }
}

/// Copies of a folder as it was at chosen moments: what a killed process would have left behind.
final class CopiesOfFiles: Sendable {
    struct Copy: Sendable {
        let place: String
        let folder: ScratchFolder
    }

    private let path: String
    private let copies = Mutex<[Copy]>([])

    init(of path: String) { self.path = path }

    var folders: [Copy] { copies.withLock { $0 } }

    /// Copies the folder as it is now.
    func take(_ place: String) {
        guard let folder = try? ScratchFolder() else { return }
        for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !file.hasSuffix("-shm") {
            try? FileManager.default.copyItem(atPath: path + "/" + file, toPath: folder.path + "/" + file)
        }
        copies.withLock { $0.append(Copy(place: place, folder: folder)) }
    }
}
