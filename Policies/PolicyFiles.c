#include "PolicyFiles.h"

static const unsigned char production[] = {
#embed "production.yaml"
};
static const unsigned char staging[] = {
#embed "staging.yaml"
};

#define ROW(path, array) {path, array, sizeof(array)}

static const PolicyFile files[] = {
    ROW("production.yaml", production),
    ROW("staging.yaml", staging),
};

size_t policy_file_count(void) { return sizeof(files) / sizeof(files[0]); }

PolicyFile policy_file_at(size_t index) {
    return index < policy_file_count() ? files[index] : (PolicyFile){NULL, NULL, 0};
}
