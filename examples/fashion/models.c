#include "models.h"

#include <string.h>

#define CAPACITY 50 /* images per evaluation: the workspace then stays in a second-level cache */

static const char *find_statistics(models *m)
{
    const tensor *test = safetensors_find(m->file, "reference.test");
    m->test_count = test ? test->shape[0] : 0;
    m->test = safetensors_floats(m->file, "reference.test", m->test_count, FEATURES);
    m->mean = safetensors_doubles(m->file, "reference.mean", FEATURES, 1);
    m->covariance = safetensors_doubles(m->file, "reference.covariance", FEATURES, FEATURES);
    m->accuracy = safetensors_doubles(m->file, "reference.accuracy", 1, 1);
    int good = m->test && m->test_count > 1 && m->mean && m->covariance && m->accuracy;
    return good ? NULL : "its statistics of real garments are missing, or have another shape";
}

const char *models_open(models *m, const char *path)
{
    memset(m, 0, sizeof *m);
    const char *why = safetensors_open(path, &m->file);
    if (!why) {
        why = network_new(m->file, CAPACITY, &m->net);
    }
    if (!why) {
        why = classifier_new(m->file, CAPACITY, &m->judge);
    }
    return why ? why : find_statistics(m);
}

void models_close(models *m)
{
    classifier_free(m->judge);
    network_free(m->net);
    safetensors_free(m->file);
}
