#include "cprocess.h"

// `prctl` takes any number of arguments, which Swift cannot call.
#ifdef __linux__
#include <sys/prctl.h>

bool cprocess_set_dumpable(bool is_dumpable) { return prctl(PR_SET_DUMPABLE, is_dumpable ? 1 : 0, 0, 0, 0) == 0; }

bool cprocess_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0; }
#else
bool cprocess_set_dumpable(bool is_dumpable) { return is_dumpable; }

bool cprocess_is_dumpable(void) { return true; }
#endif
