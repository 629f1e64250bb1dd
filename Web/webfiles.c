// Embeds the templates and the style sheet (C23 `#embed`); a new file needs a line in both lists.
#include "webfiles.h"

static const unsigned char app_css[] = {
#embed "app.css"
};
static const unsigned char layout[] = {
#embed "templates/layout.mustache"
};
static const unsigned char badge[] = {
#embed "templates/badge.mustache"
};
static const unsigned char gates[] = {
#embed "templates/gates.mustache"
};
static const unsigned char moves[] = {
#embed "templates/moves.mustache"
};
static const unsigned char login[] = {
#embed "templates/login.mustache"
};
static const unsigned char overview[] = {
#embed "templates/overview.mustache"
};
static const unsigned char models[] = {
#embed "templates/models.mustache"
};
static const unsigned char model[] = {
#embed "templates/model.mustache"
};
static const unsigned char version[] = {
#embed "templates/version.mustache"
};
static const unsigned char release[] = {
#embed "templates/release.mustache"
};
static const unsigned char prompts[] = {
#embed "templates/prompts.mustache"
};
static const unsigned char prompt[] = {
#embed "templates/prompt.mustache"
};
static const unsigned char prompt_diff[] = {
#embed "templates/prompt-diff.mustache"
};
static const unsigned char canaries[] = {
#embed "templates/canaries.mustache"
};
static const unsigned char canary[] = {
#embed "templates/canary.mustache"
};
static const unsigned char pair[] = {
#embed "templates/pair.mustache"
};
static const unsigned char policies[] = {
#embed "templates/policies.mustache"
};
static const unsigned char policy[] = {
#embed "templates/policy.mustache"
};
static const unsigned char decision[] = {
#embed "templates/decision.mustache"
};
static const unsigned char traffic_sets[] = {
#embed "templates/traffic-sets.mustache"
};
static const unsigned char traffic_set[] = {
#embed "templates/traffic-set.mustache"
};
static const unsigned char evaluation[] = {
#embed "templates/evaluation.mustache"
};
static const unsigned char audit[] = {
#embed "templates/audit.mustache"
};
static const unsigned char promote[] = {
#embed "templates/promote.mustache"
};
static const unsigned char rollback[] = {
#embed "templates/rollback.mustache"
};
static const unsigned char chart[] = {
#embed "templates/chart.mustache"
};
static const unsigned char spark[] = {
#embed "templates/spark.mustache"
};
static const unsigned char meter[] = {
#embed "templates/meter.mustache"
};
static const unsigned char timeline[] = {
#embed "templates/timeline.mustache"
};
static const unsigned char hold[] = {
#embed "templates/hold.mustache"
};
static const unsigned char waterfall[] = {
#embed "templates/waterfall.mustache"
};
static const unsigned char bars[] = {
#embed "templates/bars.mustache"
};
static const unsigned char incident_rows[] = {
#embed "templates/incident-rows.mustache"
};
static const unsigned char slo_rows[] = {
#embed "templates/slo-rows.mustache"
};
static const unsigned char rollout_rows[] = {
#embed "templates/rollout-rows.mustache"
};
static const unsigned char request_rows[] = {
#embed "templates/request-rows.mustache"
};
static const unsigned char oncall[] = {
#embed "templates/oncall.mustache"
};
static const unsigned char requests[] = {
#embed "templates/requests.mustache"
};
static const unsigned char request[] = {
#embed "templates/request.mustache"
};
static const unsigned char replay[] = {
#embed "templates/replay.mustache"
};
static const unsigned char slos[] = {
#embed "templates/slos.mustache"
};
static const unsigned char slo[] = {
#embed "templates/slo.mustache"
};
static const unsigned char rollouts[] = {
#embed "templates/rollouts.mustache"
};
static const unsigned char rollout[] = {
#embed "templates/rollout.mustache"
};
static const unsigned char resume[] = {
#embed "templates/resume.mustache"
};
static const unsigned char incidents[] = {
#embed "templates/incidents.mustache"
};
static const unsigned char incident[] = {
#embed "templates/incident.mustache"
};
static const unsigned char drifts[] = {
#embed "templates/drifts.mustache"
};
static const unsigned char drift[] = {
#embed "templates/drift.mustache"
};
static const unsigned char error[] = {
#embed "templates/error.mustache"
};

#define FILE(name, bytes) {name, bytes, sizeof(bytes)}

static const struct web_file files[] = {
    FILE("app.css", app_css),
    FILE("layout.mustache", layout),
    FILE("badge.mustache", badge),
    FILE("gates.mustache", gates),
    FILE("moves.mustache", moves),
    FILE("login.mustache", login),
    FILE("overview.mustache", overview),
    FILE("models.mustache", models),
    FILE("model.mustache", model),
    FILE("version.mustache", version),
    FILE("release.mustache", release),
    FILE("prompts.mustache", prompts),
    FILE("prompt.mustache", prompt),
    FILE("prompt-diff.mustache", prompt_diff),
    FILE("canaries.mustache", canaries),
    FILE("canary.mustache", canary),
    FILE("pair.mustache", pair),
    FILE("policies.mustache", policies),
    FILE("policy.mustache", policy),
    FILE("decision.mustache", decision),
    FILE("traffic-sets.mustache", traffic_sets),
    FILE("traffic-set.mustache", traffic_set),
    FILE("evaluation.mustache", evaluation),
    FILE("audit.mustache", audit),
    FILE("promote.mustache", promote),
    FILE("rollback.mustache", rollback),
    FILE("chart.mustache", chart),
    FILE("spark.mustache", spark),
    FILE("meter.mustache", meter),
    FILE("timeline.mustache", timeline),
    FILE("hold.mustache", hold),
    FILE("waterfall.mustache", waterfall),
    FILE("bars.mustache", bars),
    FILE("incident-rows.mustache", incident_rows),
    FILE("slo-rows.mustache", slo_rows),
    FILE("rollout-rows.mustache", rollout_rows),
    FILE("request-rows.mustache", request_rows),
    FILE("oncall.mustache", oncall),
    FILE("requests.mustache", requests),
    FILE("request.mustache", request),
    FILE("replay.mustache", replay),
    FILE("slos.mustache", slos),
    FILE("slo.mustache", slo),
    FILE("rollouts.mustache", rollouts),
    FILE("rollout.mustache", rollout),
    FILE("resume.mustache", resume),
    FILE("incidents.mustache", incidents),
    FILE("incident.mustache", incident),
    FILE("drifts.mustache", drifts),
    FILE("drift.mustache", drift),
    FILE("error.mustache", error),
};

size_t web_file_count(void) { return sizeof(files) / sizeof(files[0]); }

struct web_file web_file_at(size_t index) { return files[index]; }
