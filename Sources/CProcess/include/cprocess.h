#ifndef CPROCESS_H
#define CPROCESS_H

#include <stdbool.h>

/// Says whether the memory of this process may be written to a file when it crashes, and read by other processes of the
/// same user. False when the system refused. Nothing on systems that have no such switch.
bool cprocess_set_dumpable(bool is_dumpable);

/// Whether that is so now.
bool cprocess_is_dumpable(void);

#endif
