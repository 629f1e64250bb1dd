#ifndef WEBFILES_H
#define WEBFILES_H

#include <stddef.h>

/// A file of the pages that is part of the binary.
struct web_file {
    /// Its name, such as `layout.mustache`; ends with NUL.
    const char *name;
    /// Its bytes; they live as long as the program.
    const unsigned char *bytes;
    /// How many there are.
    size_t size;
};

/// How many files there are.
size_t web_file_count(void);

/// The file at `index`, which must be below `web_file_count()`.
struct web_file web_file_at(size_t index);

#endif
