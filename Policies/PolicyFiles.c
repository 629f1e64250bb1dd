#include "PolicyFiles.h"

static const unsigned char production[] = {
#embed "production.yaml"
};
static const unsigned char slo_availability[] = {
#embed "slos/availability.yaml"
};
static const unsigned char slo_correctness[] = {
#embed "slos/correctness.yaml"
};
static const unsigned char slo_feedback[] = {
#embed "slos/feedback.yaml"
};
static const unsigned char slo_first_token[] = {
#embed "slos/first-token.yaml"
};
static const unsigned char slo_per_token[] = {
#embed "slos/per-token.yaml"
};
static const unsigned char slo_total_latency[] = {
#embed "slos/total-latency.yaml"
};
static const unsigned char slo_valid_output[] = {
#embed "slos/valid-output.yaml"
};
static const unsigned char staging[] = {
#embed "staging.yaml"
};

#define ROW(path, array) {path, array, sizeof(array)}

static const PolicyFile files[] = {
    ROW("production.yaml", production),
    ROW("slos/availability.yaml", slo_availability),
    ROW("slos/correctness.yaml", slo_correctness),
    ROW("slos/feedback.yaml", slo_feedback),
    ROW("slos/first-token.yaml", slo_first_token),
    ROW("slos/per-token.yaml", slo_per_token),
    ROW("slos/total-latency.yaml", slo_total_latency),
    ROW("slos/valid-output.yaml", slo_valid_output),
    ROW("staging.yaml", staging),
};

size_t policy_file_count(void) { return sizeof(files) / sizeof(files[0]); }

PolicyFile policy_file_at(size_t index) {
    return index < policy_file_count() ? files[index] : (PolicyFile){NULL, NULL, 0};
}
