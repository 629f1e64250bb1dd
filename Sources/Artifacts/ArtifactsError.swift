public import Digests
import Foundation

/// What can go wrong with the data folder and the blobs in it.
public enum ArtifactsError: Error, Equatable, Sendable {
    /// Another process owns the data folder; its process id when the lock file tells it.
    case folderInUse(path: String, pid: Int32?)
    /// The folder holds other things and was never a data folder.
    case foreignFolder(path: String)
    /// The folder is on a disk that takes no writes, or belongs to somebody else.
    case readOnly(path: String, code: Int32)
    /// A symbolic link where a file or folder of ours should be.
    case symbolicLink(path: String)
    /// Something else where a folder of ours should be.
    case notAFolder(path: String)
    /// Another upload of the same blob is running.
    case uploadInProgress(Digest)
    /// Uploads that one owner began and nobody goes on with hold too much of the disk.
    case tooMuchUnfinished(owner: String, count: Int, sizeBytes: Int64)
    /// The blob was announced with a size that no file can have.
    case badSize(Digest, sizeBytes: Int64)
    /// More bytes came than were announced; the bytes before them are kept for a resumed upload.
    case tooManyBytes(Digest, expected: Int64)
    /// The upload ended early; what came is kept for a resumed upload.
    case incomplete(Digest, expected: Int64, received: Int64)
    /// All bytes came, but they are others than announced; nothing is kept.
    case wrongDigest(expected: Digest, actual: Digest)
    /// No such blob is stored.
    case missing(Digest)
    /// The stored bytes are no longer those that were stored.
    case damaged(Digest, actual: Digest)
    /// The blob is larger than the caller reads into memory.
    case tooLarge(Digest, sizeBytes: Int64, limitBytes: Int64)
    /// The disk has no room; at least so many bytes are missing.
    case diskFull(path: String, missingBytes: Int64)
    /// The system refused an operation on a file.
    case system(operation: String, path: String, code: Int32)
}

extension ArtifactsError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .folderInUse(let path, let pid):
            "data folder \(path) is in use by \(pid.map { "process \($0)" } ?? "another process"): stop that server, or use another folder"
        case .foreignFolder(let path):
            "\(path) is not empty and not a data folder: name an empty or a new folder"
        case .readOnly(let path, let code):
            "\(path) cannot be written to (\(String(cString: strerror(code)))): a server needs a folder that it may change; it can be checked as it is"
        case .symbolicLink(let path):
            "\(path) is a symbolic link: links inside the data folder are not followed; put the data itself there"
        case .notAFolder(let path):
            "\(path) is not a folder: move it away"
        case .uploadInProgress(let digest):
            "another upload of \(digest.short) is running: wait for it, then try again"
        case .tooMuchUnfinished(let owner, let count, let size):
            "key \(owner) left \(count) unfinished uploads with \(size) bytes, which is as much as one key may: send the rest of one of them, wait a week, after which they are removed, or have them collected (the verb gc of server) while the server is stopped"
        case .badSize(let digest, let size):
            "\(digest.short) was announced with \(size) bytes: send the size of the file"
        case .tooManyBytes(let digest, let expected):
            "more bytes came for \(digest.short) than the announced \(expected): hash the file again and announce its size"
        case .incomplete(let digest, let expected, let received):
            "upload of \(digest.short) ended after \(received) of \(expected) bytes: send the rest from byte \(received)"
        case .wrongDigest(let expected, let actual):
            "the bytes sent as \(expected.short) are \(actual.short): the file changed or was damaged on its way; send it again"
        case .missing(let digest):
            "blob \(digest.short) is not stored: upload it"
        case .damaged(let digest, let actual):
            "blob \(digest.short) is damaged (its bytes are now \(actual.short)): restore it from a backup or publish it again"
        case .tooLarge(let digest, let size, let limit):
            "blob \(digest.short) has \(size) bytes, more than the \(limit) that are read at once"
        case .diskFull(let path, let missing):
            "disk of \(path) is full: free at least \(missing) bytes, then repeat; an upload goes on where it stopped"
        case .system(let operation, let path, let code):
            "cannot \(operation) \(path): \(String(cString: strerror(code)))"
        }
    }
}
