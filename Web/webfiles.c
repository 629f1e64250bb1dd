// Embeds the templates and the style sheet (C23 `#embed`); a new file needs a line in both lists.
#include "webfiles.h"

static const unsigned char app_css[] = {
#embed "app.css"
};
static const unsigned char layout[] = {
#embed "templates/layout/layout.mustache"
};
static const unsigned char badge[] = {
#embed "templates/layout/badge.mustache"
};
static const unsigned char gates[] = {
#embed "templates/policy/gates.mustache"
};
static const unsigned char moves[] = {
#embed "templates/channel/moves.mustache"
};
static const unsigned char login[] = {
#embed "templates/layout/login.mustache"
};
static const unsigned char overview[] = {
#embed "templates/overview/overview.mustache"
};
static const unsigned char models[] = {
#embed "templates/model/models.mustache"
};
static const unsigned char model[] = {
#embed "templates/model/model.mustache"
};
static const unsigned char version[] = {
#embed "templates/model/version.mustache"
};
static const unsigned char release[] = {
#embed "templates/model/release.mustache"
};
static const unsigned char prompts[] = {
#embed "templates/prompt/prompts.mustache"
};
static const unsigned char prompt[] = {
#embed "templates/prompt/prompt.mustache"
};
static const unsigned char prompt_diff[] = {
#embed "templates/prompt/prompt-diff.mustache"
};
static const unsigned char canaries[] = {
#embed "templates/canary/canaries.mustache"
};
static const unsigned char canary_samples[] = {
#embed "templates/canary/canary-samples.mustache"
};
static const unsigned char canary[] = {
#embed "templates/canary/canary.mustache"
};
static const unsigned char pair[] = {
#embed "templates/canary/pair.mustache"
};
static const unsigned char policies[] = {
#embed "templates/policy/policies.mustache"
};
static const unsigned char policy[] = {
#embed "templates/policy/policy.mustache"
};
static const unsigned char decision[] = {
#embed "templates/policy/decision.mustache"
};
static const unsigned char traffic_sets[] = {
#embed "templates/traffic/traffic-sets.mustache"
};
static const unsigned char traffic_set[] = {
#embed "templates/traffic/traffic-set.mustache"
};
static const unsigned char evaluation[] = {
#embed "templates/evaluation/evaluation.mustache"
};
static const unsigned char reading[] = {
#embed "templates/reading/reading.mustache"
};
static const unsigned char reading_chart[] = {
#embed "templates/reading/reading-chart.mustache"
};
static const unsigned char audit[] = {
#embed "templates/audit/audit.mustache"
};
static const unsigned char promote[] = {
#embed "templates/channel/promote.mustache"
};
static const unsigned char rollback[] = {
#embed "templates/channel/rollback.mustache"
};
static const unsigned char chart[] = {
#embed "templates/layout/chart.mustache"
};
static const unsigned char spark[] = {
#embed "templates/layout/spark.mustache"
};
static const unsigned char meter[] = {
#embed "templates/layout/meter.mustache"
};
static const unsigned char timeline[] = {
#embed "templates/layout/timeline.mustache"
};
static const unsigned char hold[] = {
#embed "templates/rollout/hold.mustache"
};
static const unsigned char waterfall[] = {
#embed "templates/request/waterfall.mustache"
};
static const unsigned char bars[] = {
#embed "templates/drift/bars.mustache"
};
static const unsigned char incident_rows[] = {
#embed "templates/incident/incident-rows.mustache"
};
static const unsigned char slo_rows[] = {
#embed "templates/service-level/slo-rows.mustache"
};
static const unsigned char rollout_rows[] = {
#embed "templates/rollout/rollout-rows.mustache"
};
static const unsigned char request_rows[] = {
#embed "templates/request/request-rows.mustache"
};
static const unsigned char oncall[] = {
#embed "templates/overview/oncall.mustache"
};
static const unsigned char requests[] = {
#embed "templates/request/requests.mustache"
};
static const unsigned char request[] = {
#embed "templates/request/request.mustache"
};
static const unsigned char replay[] = {
#embed "templates/request/replay.mustache"
};
static const unsigned char slos[] = {
#embed "templates/service-level/slos.mustache"
};
static const unsigned char slo[] = {
#embed "templates/service-level/slo.mustache"
};
static const unsigned char rollouts[] = {
#embed "templates/rollout/rollouts.mustache"
};
static const unsigned char rollout[] = {
#embed "templates/rollout/rollout.mustache"
};
static const unsigned char resume[] = {
#embed "templates/rollout/resume.mustache"
};
static const unsigned char incidents[] = {
#embed "templates/incident/incidents.mustache"
};
static const unsigned char incident[] = {
#embed "templates/incident/incident.mustache"
};
static const unsigned char drifts[] = {
#embed "templates/drift/drifts.mustache"
};
static const unsigned char drift[] = {
#embed "templates/drift/drift.mustache"
};
static const unsigned char paging[] = {
#embed "templates/layout/paging.mustache"
};
static const unsigned char name_search[] = {
#embed "templates/layout/name-search.mustache"
};
static const unsigned char error[] = {
#embed "templates/layout/error.mustache"
};

#define FILE(name, bytes) {name, bytes, sizeof(bytes)}

static const struct web_file files[] = {
    FILE("app.css", app_css),
    FILE("layout.mustache", layout),
    FILE("badge.mustache", badge),
    FILE("paging.mustache", paging),
    FILE("name-search.mustache", name_search),
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
    FILE("canary-samples.mustache", canary_samples),
    FILE("canary.mustache", canary),
    FILE("pair.mustache", pair),
    FILE("policies.mustache", policies),
    FILE("policy.mustache", policy),
    FILE("decision.mustache", decision),
    FILE("traffic-sets.mustache", traffic_sets),
    FILE("traffic-set.mustache", traffic_set),
    FILE("evaluation.mustache", evaluation),
    FILE("reading.mustache", reading),
    FILE("reading-chart.mustache", reading_chart),
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
