/* A stage for demarche, in C: marks long words. Change what it does in `process`.
 * demarche_plugin.h says what may be called when; nothing else of demarche is needed. */
#include "demarche_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}

static const demarche_host *host;
static const demarche_bytes layer = TEXT("my-stage");

/* What create makes of the options. */
typedef struct {
  size_t bytes;
} instance;

static demarche_status fail(demarche_call *call, const char *message) {
  host->fail(call, (demarche_bytes){(const uint8_t *)message, strlen(message)});
  return DEMARCHE_FAILED;
}

/* Runs once. The options are a JSON object without spaces that is valid by the schema below; with more than a number or
 * two, take a JSON library. */
static demarche_status create(demarche_call *call, demarche_bytes options, void **self) {
  char json[256] = {0};
  if (options.len >= sizeof json) return fail(call, "the options are too long");
  memcpy(json, options.ptr, options.len);
  const char *found = strstr(json, "\"bytes\":");
  instance *made = malloc(sizeof *made);
  if (made == NULL) return fail(call, "no memory is left");
  made->bytes = found ? strtoul(found + strlen("\"bytes\":"), NULL, 10) : 12;
  *self = made;
  return DEMARCHE_OK;
}

static void destroy(void *self) { free(self); }

/* Runs for every document, on many threads at once. */
static demarche_status process(void *self, void *worker, demarche_doc *doc, demarche_call *call) {
  (void)worker, (void)call;
  size_t least = ((const instance *)self)->bytes;
  demarche_view tokens;
  /* Without tokens there is nothing to find. */
  if (host->view(doc, DEMARCHE_TOKEN_SPAN, &tokens) != DEMARCHE_OK) return DEMARCHE_OK;
  const demarche_span *token = tokens.data;
  for (size_t i = 0; i < tokens.count; i++) {
    uint32_t bytes = token[i].end - token[i].start;
    if (bytes < least) continue;
    char value[32];
    int len = snprintf(value, sizeof value, "{\"bytes\":%u}", (unsigned)bytes);
    /* If the host refuses, it knows why: there is nothing to say. */
    if (host->annotate(doc, layer, token[i], (demarche_bytes){(const uint8_t *)value, (size_t)len}) != DEMARCHE_OK)
      return DEMARCHE_FAILED;
  }
  return DEMARCHE_OK;
}

static const demarche_kind kind = {
    .struct_size = sizeof(demarche_kind),
    .manifest = TEXT("{\"name\": \"my-stage\", \"summary\": \"Marks long words\", \"version\": \"0.1.0\","
                     " \"reads\": [\"tokens\"], \"writes\": [\"my-stage\"],"
                     " \"options\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                     "  \"bytes\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000, \"default\": 12,"
                     "   \"description\": \"Least length of a long word, in bytes.\"}}}}"),
    .create = create,
    .destroy = destroy,
    .process = process,
};
static const demarche_kind *const kinds[] = {&kind};
static const demarche_plugin plugin = {
    .magic = DEMARCHE_MAGIC,
    .abi_major = DEMARCHE_ABI_MAJOR,
    .abi_minor = 0, /* nothing is used that came after 1.0 */
    .struct_size = sizeof(demarche_plugin),
    .kinds = kinds,
    .kind_count = 1,
    .info = TEXT("{\"name\": \"my-stage\", \"version\": \"0.1.0\"}"),
};

const demarche_plugin *demarche_plugin_v1(const demarche_host *the_host) {
  host = the_host;
  return &plugin;
}
