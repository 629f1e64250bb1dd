// The shipped policies and SLOs as bytes inside the binary.
//
// The pattern for files in the binary: one C file with one #embed (C23) per file and a table of names; a function
// that returns a row by index, since Swift does not see C arrays of unknown size. clang embeds 500 KB in 20 ms and
// tracks the files, so an edit rebuilds only this target. A file that is not in the table is not in the binary; a
// test compares the table with the folder.
#ifndef POLICY_FILES_H
#define POLICY_FILES_H

#include <stddef.h>

/// A file inside the binary. The bytes live as long as the process.
typedef struct {
    /// The path below the folder, such as `slos/availability.yaml`; NULL past the last file.
    const char *_Nullable name;
    /// The bytes; not ended by a zero.
    const unsigned char *_Nullable bytes;
    /// The number of bytes.
    size_t size;
} PolicyFile;

/// The number of files.
size_t policy_file_count(void);

/// The file at `index`, sorted by name; all zero past the last one.
PolicyFile policy_file_at(size_t index);

#endif
