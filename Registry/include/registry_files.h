// The SQL of the registry as bytes inside the binary, by index; names are paths below Registry/ in byte order.
#ifndef REGISTRY_FILES_H
#define REGISTRY_FILES_H

#include <stddef.h>

/// How many files there are.
size_t registry_file_count(void);

/// The name of file `index`, such as `migrations/001_event_log.sql`; NULL past the end.
const char *_Nullable registry_file_name(size_t index);

/// The bytes of file `index`, not terminated by zero; NULL past the end.
const unsigned char *_Nullable registry_file_bytes(size_t index);

/// The number of bytes of file `index`; 0 past the end.
size_t registry_file_size(size_t index);

/// The index of the file `name`; the number of files when there is none.
size_t registry_file_index(const char *_Nonnull name);

#endif
