/* A demarche plugin in C: marks the keywords of a list, in an open layer of its own.
 * Reads the tokens, writes {"keyword": "..."} on each place where a keyword of the file stands: whole words, ASCII letters in
 * any case, the longest of those that begin there. */
#include "demarche_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}
#define MAX_LINE 256 /* bytes of a keyword, the end of its line too */

static const demarche_host *host;
static const demarche_bytes layer = TEXT("keywords");

/* The keywords by their first byte, the longest first. */
typedef struct {
  char **words;
  size_t count, first[257];
} keywords;

static demarche_status fail(demarche_call *call, const char *message, const char *what) {
  char text[1024];
  int len = snprintf(text, sizeof text, "%s%s", message, what);
  if (len < 0) len = 0;
  size_t kept = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
  host->fail(call, (demarche_bytes){(const uint8_t *)text, kept});
  return DEMARCHE_FAILED;
}

static unsigned char lower(unsigned char byte) { return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte; }

static void destroy(void *self) {
  keywords *own = self;
  for (size_t i = 0; i < own->count; i++) free(own->words[i]);
  free(own->words);
  free(own);
}

static int by_first_byte_longest_first(const void *one, const void *other) {
  const char *a = *(char *const *)one, *b = *(char *const *)other;
  if (a[0] != b[0]) return (unsigned char)a[0] < (unsigned char)b[0] ? -1 : 1;
  size_t a_len = strlen(a), b_len = strlen(b);
  if (a_len != b_len) return a_len > b_len ? -1 : 1;
  return strcmp(a, b);
}

/* The options are a JSON object that is valid by the schema below: a string stands behind "file":. */
static int path_of(demarche_bytes options, char *path, size_t size) {
  static const char key[] = "\"file\":\"";
  const char *at = (const char *)options.ptr, *end = at + options.len;
  while ((size_t)(end - at) >= sizeof key && memcmp(at, key, sizeof key - 1) != 0) at++;
  if ((size_t)(end - at) < sizeof key) return 0;
  size_t len = 0;
  for (at += sizeof key - 1; at < end && *at != '"' && len + 1 < size; at++) {
    if (*at == '\\' && *++at != '\\' && *at != '"') return 0; /* control characters: no name of a file */
    path[len++] = *at;
  }
  path[len] = 0;
  return at < end && *at == '"';
}

/* Adds the keyword of a line; 0 if no memory is left. */
static int add(keywords *own, const char *line, size_t len) {
  if ((own->count & (own->count - 1)) == 0) { /* a power of two: room for twice as many */
    char **more = realloc(own->words, (own->count ? 2 * own->count : 1) * sizeof *more);
    if (more == NULL) return 0;
    own->words = more;
  }
  char *word = malloc(len + 1);
  if (word == NULL) return 0;
  for (size_t i = 0; i < len; i++) word[i] = (char)lower((unsigned char)line[i]);
  word[len] = 0;
  own->words[own->count++] = word;
  return 1;
}

static demarche_status create(demarche_call *call, demarche_bytes options, void **self) {
  char path[4096], line[MAX_LINE];
  if (!path_of(options, path, sizeof path)) return fail(call, "the option `file` is no name of a file", "");
  FILE *file = fopen(path, "r");
  if (file == NULL) return fail(call, "cannot open the keywords in ", path);
  keywords *own = calloc(1, sizeof *own);
  const char *wrong = own == NULL ? "no memory is left for " : NULL;
  while (wrong == NULL && fgets(line, sizeof line, file) != NULL) {
    size_t len = strlen(line);
    if (len + 1 == sizeof line && line[len - 1] != '\n') wrong = "a line is longer than 254 bytes in ";
    while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL) len--;
    if (wrong == NULL && len > 0 && line[0] != '#' && !add(own, line, len)) wrong = "no memory is left for ";
  }
  if (wrong == NULL && ferror(file)) wrong = "cannot read ";
  fclose(file);
  if (wrong == NULL && own->count == 0) wrong = "there is no keyword in ";
  if (wrong != NULL) {
    if (own != NULL) destroy(own);
    return fail(call, wrong, path);
  }
  qsort(own->words, own->count, sizeof *own->words, by_first_byte_longest_first);
  for (size_t i = 0, byte = 0; byte <= 256; byte++) {
    while (i < own->count && (unsigned char)own->words[i][0] < byte) i++;
    own->first[byte] = i;
  }
  *self = own;
  return DEMARCHE_OK;
}

/* Whether the text goes on with the keyword from this byte. */
static int stands(const uint8_t *text, size_t left, const char *word, size_t len) {
  if (len > left) return 0;
  for (size_t i = 0; i < len; i++)
    if (lower(text[i]) != (unsigned char)word[i]) return 0;
  return 1;
}

/* The last of the tokens from `first` on that ends where the keyword ends, or `count`: no half words. */
static size_t last_token(const demarche_span *token, size_t first, size_t count, size_t end) {
  for (size_t i = first; i < count && token[i].end <= end; i++)
    if (token[i].end == end) return i;
  return count;
}

/* A keyword as JSON; it has no control characters but tabs, which a line cannot begin or end with. */
static size_t json(const char *word, char *out) {
  size_t len = (size_t)sprintf(out, "{\"keyword\":\"");
  for (; *word; word++) {
    if (*word == '"' || *word == '\\') out[len++] = '\\';
    out[len++] = (unsigned char)*word < ' ' ? ' ' : *word;
  }
  return len + (size_t)sprintf(out + len, "\"}");
}

static demarche_status process(void *self, void *worker, demarche_doc *doc, demarche_call *call) {
  (void)worker, (void)call;
  const keywords *own = self;
  demarche_view text, tokens;
  /* No tokens, nothing found. The pipeline file has been checked: the layer is there. */
  if (host->view(doc, DEMARCHE_TEXT, &text) != DEMARCHE_OK) return DEMARCHE_OK;
  if (host->view(doc, DEMARCHE_TOKEN_SPAN, &tokens) != DEMARCHE_OK) return DEMARCHE_OK;
  const uint8_t *bytes = text.data;
  const demarche_span *token = tokens.data;
  for (size_t i = 0; i < tokens.count; i++) {
    size_t start = token[i].start;
    if (start >= text.count) continue;
    unsigned char byte = lower(bytes[start]);
    for (size_t w = own->first[byte]; w < own->first[byte + 1]; w++) {
      const char *word = own->words[w];
      size_t len = strlen(word);
      if (!stands(bytes + start, text.count - start, word, len)) continue;
      size_t last = last_token(token, i, tokens.count, start + len);
      if (last == tokens.count) continue;
      char value[2 * MAX_LINE + 16];
      demarche_span span = {token[i].start, token[last].end};
      demarche_bytes found = {(const uint8_t *)value, json(word, value)};
      /* If the host refuses, it knows why: there is nothing to say. */
      if (host->annotate(doc, layer, span, found) != DEMARCHE_OK) return DEMARCHE_FAILED;
      i = last;
      break;
    }
  }
  return DEMARCHE_OK;
}

static const demarche_kind kind = {
    .struct_size = sizeof(demarche_kind),
    .manifest = TEXT("{\"name\": \"keywords\", \"summary\": \"Marks the keywords of a list\", \"version\": \"1.0.0\","
                     " \"reads\": [\"tokens\"], \"writes\": [\"keywords\"],"
                     " \"options\": {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"file\"],"
                     "  \"properties\": {\"file\": {\"type\": \"string\", \"format\": \"path\","
                     "   \"description\": \"File of keywords, one a line; lines that begin with # say nothing.\"}}}}"),
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
    .info = TEXT("{\"name\": \"keywords\", \"version\": \"1.0.0\", \"license\": \"MIT OR Apache-2.0\"}"),
};

const demarche_plugin *demarche_plugin_v1(const demarche_host *the_host) {
  host = the_host;
  return &plugin;
}
