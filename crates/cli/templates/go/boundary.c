/* The tables that the host reads, and the functions in them, which pass each call on to Go. */
#include "_cgo_export.h"

static const demarche_host *host;

demarche_status host_view(const demarche_doc *doc, uint32_t column, demarche_view *out) {
  return host->view(doc, column, out);
}

demarche_status host_annotate(demarche_doc *doc, char *layer, size_t layer_len, demarche_span span, char *value, size_t len) {
  demarche_bytes name = {(const uint8_t *)layer, layer_len}, json = {(const uint8_t *)value, len};
  return host->annotate(doc, name, span, json);
}

void host_fail(demarche_call *call, char *message, size_t len) {
  host->fail(call, (demarche_bytes){(const uint8_t *)message, len});
}

static demarche_status create(demarche_call *call, demarche_bytes options, void **self) {
  uintptr_t handle = 0;
  demarche_status answer = goCreate(call, (uint8_t *)options.ptr, options.len, &handle);
  *self = (void *)handle;
  return answer;
}

static void destroy(void *self) { goDestroy((uintptr_t)self); }

static demarche_status process(void *self, void *worker, demarche_doc *doc, demarche_call *call) {
  (void)worker;
  return goProcess((uintptr_t)self, doc, call);
}

static demarche_kind kind = {
    .struct_size = sizeof(demarche_kind), .create = create, .destroy = destroy, .process = process};
static const demarche_kind *const kinds[] = {&kind};
static demarche_plugin plugin = {
    .magic = DEMARCHE_MAGIC,
    .abi_major = DEMARCHE_ABI_MAJOR,
    .abi_minor = 0, /* nothing is used that came after 1.0 */
    .struct_size = sizeof(demarche_plugin),
    .kinds = kinds,
    .kind_count = 1,
};

const demarche_plugin *demarche_plugin_v1(const demarche_host *the_host) {
  /* A host may ask more than once. */
  if (host == NULL) {
    host = the_host;
    goDescribe(&kind.manifest, &plugin.info);
  }
  return &plugin;
}
