/* What Go calls of the host: it cannot call a pointer to a function itself. */
#include "demarche_plugin.h"

demarche_status host_view(const demarche_doc *doc, uint32_t column, demarche_view *out);
demarche_status host_annotate(demarche_doc *doc, char *layer, size_t layer_len, demarche_span span, char *value, size_t len);
void host_fail(demarche_call *call, char *message, size_t len);
