import GRDB

extension CatalogError {
    /// SQLite's error as one of ours; any other error as it is.
    static func translating(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let why = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        return switch error.resultCode {
        // The shared-memory index of the WAL is a file too, and reports a full disk as an input/output error.
        case .SQLITE_FULL: CatalogError.diskFull(path: path)
        case _ where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: CatalogError.diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: CatalogError.busy(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: CatalogError.damaged(path: path, why: why)
        case .SQLITE_CONSTRAINT: CatalogError.refused(why)
        default: CatalogError.storage(path: path, why: why)
        }
    }
}
