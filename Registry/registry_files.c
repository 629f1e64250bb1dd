#include "include/registry_files.h"

#include <string.h>

static const unsigned char event_log[] = {
#embed "migrations/001_event_log.sql"
};
static const unsigned char canonical_form[] = {
#embed "migrations/002_canonical_form.sql"
};
static const unsigned char acknowledged_head[] = {
#embed "migrations/003_acknowledged_head.sql"
};
static const unsigned char projection_models[] = {
#embed "projections/001_models.sql"
};
static const unsigned char projection_prompts[] = {
#embed "projections/002_prompts.sql"
};
static const unsigned char projection_releases[] = {
#embed "projections/003_releases.sql"
};
static const unsigned char projection_traffic[] = {
#embed "projections/004_traffic.sql"
};
static const unsigned char projection_documents[] = {
#embed "projections/005_documents.sql"
};
static const unsigned char projection_canaries[] = {
#embed "projections/006_canaries.sql"
};
static const unsigned char projection_decisions[] = {
#embed "projections/007_decisions.sql"
};
static const unsigned char projection_channels[] = {
#embed "projections/008_channels.sql"
};
static const unsigned char projection_keys[] = {
#embed "projections/009_keys.sql"
};
static const unsigned char projection_rollouts[] = {
#embed "projections/010_rollouts.sql"
};
static const unsigned char projection_incidents[] = {
#embed "projections/011_incidents.sql"
};
static const unsigned char projection_drift[] = {
#embed "projections/012_drift.sql"
};
static const unsigned char projection_log[] = {
#embed "projections/013_log.sql"
};
static const unsigned char rollups[] = {
#embed "rollups/001_rollups.sql"
};
static const unsigned char rollup_callers[] = {
#embed "rollups/002_callers.sql"
};
static const unsigned char canary_samples[] = {
#embed "samples/001_canary_samples.sql"
};
static const unsigned char sample_thinking_and_calls[] = {
#embed "samples/002_thinking_and_calls.sql"
};
static const unsigned char traffic_requests[] = {
#embed "traffic/001_requests.sql"
};
static const unsigned char traffic_own_settings[] = {
#embed "traffic/002_own_settings.sql"
};
static const unsigned char traffic_labels_that_count[] = {
#embed "traffic/003_labels_that_count.sql"
};
static const unsigned char traffic_terms[] = {
#embed "traffic/004_terms.sql"
};

static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t size;
} files[] = {
    {"migrations/001_event_log.sql", event_log, sizeof event_log},
    {"migrations/002_canonical_form.sql", canonical_form, sizeof canonical_form},
    {"migrations/003_acknowledged_head.sql", acknowledged_head, sizeof acknowledged_head},
    {"projections/001_models.sql", projection_models, sizeof projection_models},
    {"projections/002_prompts.sql", projection_prompts, sizeof projection_prompts},
    {"projections/003_releases.sql", projection_releases, sizeof projection_releases},
    {"projections/004_traffic.sql", projection_traffic, sizeof projection_traffic},
    {"projections/005_documents.sql", projection_documents, sizeof projection_documents},
    {"projections/006_canaries.sql", projection_canaries, sizeof projection_canaries},
    {"projections/007_decisions.sql", projection_decisions, sizeof projection_decisions},
    {"projections/008_channels.sql", projection_channels, sizeof projection_channels},
    {"projections/009_keys.sql", projection_keys, sizeof projection_keys},
    {"projections/010_rollouts.sql", projection_rollouts, sizeof projection_rollouts},
    {"projections/011_incidents.sql", projection_incidents, sizeof projection_incidents},
    {"projections/012_drift.sql", projection_drift, sizeof projection_drift},
    {"projections/013_log.sql", projection_log, sizeof projection_log},
    {"rollups/001_rollups.sql", rollups, sizeof rollups},
    {"rollups/002_callers.sql", rollup_callers, sizeof rollup_callers},
    {"samples/001_canary_samples.sql", canary_samples, sizeof canary_samples},
    {"samples/002_thinking_and_calls.sql", sample_thinking_and_calls, sizeof sample_thinking_and_calls},
    {"traffic/001_requests.sql", traffic_requests, sizeof traffic_requests},
    {"traffic/002_own_settings.sql", traffic_own_settings, sizeof traffic_own_settings},
    {"traffic/003_labels_that_count.sql", traffic_labels_that_count, sizeof traffic_labels_that_count},
    {"traffic/004_terms.sql", traffic_terms, sizeof traffic_terms},
};

size_t registry_file_count(void) { return sizeof files / sizeof files[0]; }

const char *registry_file_name(size_t index) { return index < registry_file_count() ? files[index].name : NULL; }

const unsigned char *registry_file_bytes(size_t index) {
    return index < registry_file_count() ? files[index].bytes : NULL;
}

size_t registry_file_size(size_t index) { return index < registry_file_count() ? files[index].size : 0; }

size_t registry_file_index(const char *name) {
    size_t index = 0;
    while (index < registry_file_count() && strcmp(files[index].name, name) != 0) index++;
    return index;
}
