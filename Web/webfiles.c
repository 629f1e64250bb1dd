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
    FILE("error.mustache", error),
};

size_t web_file_count(void) { return sizeof(files) / sizeof(files[0]); }

struct web_file web_file_at(size_t index) { return files[index]; }
