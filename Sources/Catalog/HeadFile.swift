public import Digests
import DurableFiles
import Foundation
import Synchronization

/// The newest event that was acknowledged: its number, 0 before the first, and its hash.
public struct AcknowledgedHead: Hashable, Sendable {
    /// The number of the event.
    public let seq: Int
    /// Its hash, which all events before it are in; all zero before the first.
    public let hash: Digest

    /// Makes the value from its fields.
    public init(seq: Int, hash: Digest) {
        self.seq = seq
        self.hash = hash
    }
}

/// The acknowledged head, kept a second time beside the log, so that a log that lost its end is noticed: a database whose
/// write-ahead log was damaged opens without a word and without its last commits.
///
/// The order is: the commit is synced, then this file, then the answer is given. So the file may be behind the log, after a
/// crash in between, and never ahead of it. It holds two slots that are written in turn, each with a digest of its own: a write
/// that a power cut tore leaves the other one. A slot is overwritten in place, which a full disk does not prevent.
final class HeadFile: Sendable {
    /// What is at the path.
    enum Content: Hashable, Sendable {
        /// No file.
        case missing
        /// A file in which neither slot can be read.
        case damaged
        /// The newer of the slots that can be read.
        case head(AcknowledgedHead)
        /// Something that may not be read, or cannot be now: what it says is not known, and it may well be whole.
        case unreadable(reason: String)
    }

    private struct State {
        var descriptor: Int32 = -1
        /// The slot that is written next.
        var slot = 0
        /// Why the last write failed; nil while it is as it should be.
        var problem: String?
        /// Why the file could not be read: nothing is put in its place then.
        var refusal: FileError?
    }

    /// Where a slot begins: a disk writes at most so many bytes at once.
    private static let slotBytes = 4096
    private static let textBytes = 512
    private static let title = "serin: the last acknowledged event"

    let path: String
    private let state = Mutex(State())

    /// The file at `path`; nothing is read or written yet.
    init(path: String) { self.path = path }

    deinit { state.withLock { Self.close(&$0) } }

    // MARK: Reading

    /// What is there now. One that cannot be read is left as it is until it can, or until the log is taken as it is.
    func read() -> Content {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return errno == ENOENT ? .missing : unreadable(FileError("open", path)) }
        defer { Foundation.close(descriptor) }
        var heads: [(slot: Int, head: AcknowledgedHead)] = []
        var failure: FileError?
        for slot in [0, 1] {
            var bytes = [UInt8](repeating: 0, count: Self.textBytes)
            let count = pread(descriptor, &bytes, Self.textBytes, off_t(slot * Self.slotBytes))
            if count < 0 { failure = FileError("read", path) }
            if count == Self.textBytes, let head = Self.head(of: bytes) { heads.append((slot, head)) }
        }
        guard let newest = heads.max(by: { $0.head.seq < $1.head.seq }) else {
            return failure.map(unreadable) ?? .damaged
        }
        // The next write goes into the other one: torn, it must not take the newest with it.
        state.withLock { $0.slot = 1 - newest.slot }
        return .head(newest.head)
    }

    private func unreadable(_ error: FileError) -> Content {
        state.withLock { state in
            state.refusal = error
            state.problem = "\(error)"
        }
        return .unreadable(reason: "\(error)")
    }

    /// A slot as it is written: lines for a person, a digest of them, and blanks.
    static func text(of head: AcknowledgedHead) -> [UInt8] {
        var text = Array("\(title)\nevent \(head.seq)\nhash \(head.hash)\n".utf8)
        text += Array("digest \(Digest(of: text))\n".utf8)
        text += [UInt8](repeating: 0x20, count: textBytes - 1 - text.count) + [0x0a]
        return text
    }

    /// What a slot says; nil for one that is not byte for byte as it is written.
    static func head(of bytes: [UInt8]) -> AcknowledgedHead? {
        let lines = bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 5, lines[1].hasPrefix("event "), let seq = Int(lines[1].dropFirst(6)), seq >= 0,
            lines[2].hasPrefix("hash "), let hash = try? Digest(String(lines[2].dropFirst(5)))
        else { return nil }
        let head = AcknowledgedHead(seq: seq, hash: hash)
        return text(of: head) == bytes ? head : nil
    }

    // MARK: Writing

    /// Puts `head` into the slot that is older, and returns when it is on the disk.
    ///
    /// - Throws: ``FileError``; the next write makes the file anew then, because pages that a sync gave up are lost.
    func write(_ head: AcknowledgedHead) throws(FileError) {
        try change { state throws(FileError) in
            guard state.problem == nil else { return try self.make(head, &state) }
            if state.descriptor < 0 { try self.open(&state, flags: O_WRONLY) }
            let bytes = Self.text(of: head)
            let start = off_t(state.slot * Self.slotBytes)
            guard pwrite(state.descriptor, bytes, bytes.count, start) == bytes.count else {
                throw FileError("write", self.path)
            }
            guard fdatasync(state.descriptor) == 0 else { throw FileError("sync", self.path) }
            state.slot = 1 - state.slot
        }
    }

    /// Makes a new file with `head` alone in it, in place of what is there.
    ///
    /// - Throws: ``FileError``; what was there stays.
    func replace(with head: AcknowledgedHead) throws(FileError) {
        try change { state throws(FileError) in try self.make(head, &state) }
    }

    /// Makes the next write a whole new file: what the slots say is no longer meant, though their numbers are higher.
    func forget() {
        state.withLock { state in
            state.problem = "the head was given up"
            state.refusal = nil
        }
    }

    /// Why the file is not as it should be; nil while it is.
    var problem: String? { state.withLock { $0.problem } }

    /// Lets go of the file.
    func close() { state.withLock { Self.close(&$0) } }

    private func change(_ body: (inout State) throws(FileError) -> Void) throws(FileError) {
        let error = state.withLock { state -> FileError? in
            if let refusal = state.refusal { return refusal }
            do throws(FileError) {
                try body(&state)
                state.problem = nil
                return nil
            } catch {
                Self.close(&state)
                state.problem = "\(error)"
                return error
            }
        }
        if let error { throw error }
    }

    private func make(_ head: AcknowledgedHead, _ state: inout State) throws(FileError) {
        Self.close(&state)
        let slot = Self.text(of: head)
        let gap = [UInt8](repeating: 0, count: Self.slotBytes - Self.textBytes)
        try DurableFile.replace(path, with: Data(slot + gap + slot))
        try open(&state, flags: O_WRONLY)
        state.slot = 0
    }

    private func open(_ state: inout State, flags: Int32) throws(FileError) {
        state.descriptor = Foundation.open(path, flags | O_CLOEXEC | O_NOFOLLOW)
        guard state.descriptor >= 0 else { throw FileError("open", path) }
    }

    private static func close(_ state: inout State) {
        if state.descriptor >= 0 { Foundation.close(state.descriptor) }
        state.descriptor = -1
    }
}
