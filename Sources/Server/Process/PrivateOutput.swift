import Foundation

/// Where what a server prints ends up: a secret is printed only where nobody else reads it.
enum PrivateOutput {
    /// Whether only the user of this process sees what is written to a descriptor: a terminal, or a file that others may
    /// not open. Of a pipe nobody knows who reads it, and whether it is kept.
    static func isPrivate(_ descriptor: Int32) -> Bool {
        if isatty(descriptor) == 1 { return true }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_mode & 0o077 == 0
    }

    /// What is to be said of a folder whose files others may reach; nil when only its owner may.
    static func note(onFolder path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return
            "others can open the data folder \(path) (mode 0\(mode)), which holds texts of people and the hashes of keys: "
            + "give it the mode 0700"
    }
}
