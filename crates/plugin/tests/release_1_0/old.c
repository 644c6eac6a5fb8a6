/* A plugin as it was built against version 1.0 of the boundary: with that header, which lies beside this file and
 * never changes. It calls every function that a host of 1.0 has, so that all of them are seen to work for ever. */
#include "demarche_plugin.h"

#include <string.h>

#define TEXT(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}
#define SAME(bytes, literal) ((bytes).len == sizeof(literal) - 1 && memcmp((bytes).ptr, literal, sizeof(literal) - 1) == 0)

static const demarche_host *host;
static const demarche_layers *layers;
static const demarche_bytes notes = TEXT("old");
static const demarche_bytes entities = TEXT("entities");

static demarche_status fail(demarche_call *call, demarche_bytes message) {
  host->fail(call, message);
  return DEMARCHE_FAILED;
}

static demarche_status create(demarche_call *call, demarche_bytes options, void **self) {
  if (SAME(options, "{\"refuse\":true}"))
    return fail(call, (demarche_bytes)TEXT("`refuse`: it was told to refuse"));
  static int one;
  *self = &one;
  return DEMARCHE_OK;
}

static void destroy(void *self) { ++*(int *)self; }

static demarche_status worker_new(void *self, void **worker) {
  *worker = self;
  return DEMARCHE_OK;
}

static void worker_free(void *self, void *worker) { (void)self, (void)worker; }

/* Notes the number of open layers on the first token, makes it an entity, and tags all of them. */
static demarche_status process(void *self, void *worker, demarche_doc *doc, demarche_call *call) {
  if (self != worker) return fail(call, (demarche_bytes)TEXT("the worker is another one"));
  if (host->cancelled(doc)) return DEMARCHE_FAILED;
  demarche_view tokens;
  demarche_status answer = host->view(doc, DEMARCHE_TOKEN_SPAN, &tokens);
  if (answer != DEMARCHE_OK || tokens.item_size != sizeof(demarche_span) || tokens.count > 64)
    return fail(call, (demarche_bytes)TEXT("the tokens are not there"));
  if (tokens.count == 0) return DEMARCHE_OK;
  uint32_t open = 0;
  demarche_bytes name;
  while (layers->name(doc, open, &name) == DEMARCHE_OK) open++;
  char value[] = "{\"open\":0}";
  value[8] = (char)('0' + open % 10);
  demarche_span first = *(const demarche_span *)tokens.data;
  if (host->annotate(doc, notes, first, (demarche_bytes){(const uint8_t *)value, sizeof value - 1})) return DEMARCHE_FAILED;
  if (first.start == 0 && first.end == 5) {
    demarche_bytes entity = TEXT("{\"span\":[0,5],\"label\":\"ORG\",\"name\":\"First\"}");
    if (host->record(doc, entities, entity)) return DEMARCHE_FAILED;
  }
  uint32_t lemma;
  if (host->intern(doc, (demarche_bytes)TEXT("lemma"), &lemma)) return DEMARCHE_FAILED;
  uint8_t upos[64];
  uint32_t lemmas[64];
  for (size_t i = 0; i < tokens.count; i++) upos[i] = DEMARCHE_UPOS_NOUN, lemmas[i] = lemma;
  demarche_view upos_column = {upos, tokens.count, 1, 0}, lemma_column = {lemmas, tokens.count, 4, 0};
  if (host->put(doc, DEMARCHE_TOKEN_UPOS, &upos_column)) return DEMARCHE_FAILED;
  if (host->put(doc, DEMARCHE_TOKEN_LEMMA, &lemma_column)) return DEMARCHE_FAILED;
  host->log(5, (demarche_bytes)TEXT("noted"));
  return DEMARCHE_OK;
}

static const demarche_kind kind = {
    .struct_size = 64,
    .manifest = TEXT("{\"name\": \"old\", \"summary\": \"Was built long ago\", \"version\": \"1.0.0\", \"reads\": [\"tokens\"],"
                     " \"writes\": [\"old\", \"entities\", \"morphology\"], \"options\": {\"type\": \"object\","
                     " \"properties\": {\"refuse\": {\"type\": \"boolean\", \"default\": false, \"description\": \"Refuse.\"}}}}"),
    .create = create,
    .destroy = destroy,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .process = process,
};
static const demarche_kind *const kinds[] = {&kind};
static const demarche_plugin plugin = {
    .magic = 0x31454D44,
    .abi_major = 1,
    .abi_minor = 0,
    .struct_size = 48,
    .kinds = kinds,
    .kind_count = 1,
    .info = TEXT("{\"name\": \"old\", \"version\": \"1.0.0\"}"),
};

_Static_assert(sizeof(demarche_host) == 104 && sizeof(demarche_kind) == 64 && sizeof(demarche_plugin) == 48,
               "the header beside this file is the one of 1.0");

const demarche_plugin *demarche_plugin_v1(const demarche_host *the_host) {
  host = the_host;
  if (host->struct_size < sizeof(demarche_host) || host->abi_major != 1) return NULL;
  layers = host->extension((demarche_bytes)TEXT("demarche.layers/1"));
  return layers == NULL ? NULL : &plugin;
}
