/* demarche_plugin.h: the plugin boundary of demarche, version 1.0. SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * A plugin is one shared library that adds stages to demarche. It exports one symbol, demarche_plugin_v1, which
 * gives the host a table of kinds of stages. This text is normative; docs/plugins.md explains it by example.
 *
 *  - Nobody frees what the other side allocated. Data comes in as views and goes out as copies.
 *  - Nothing is ever unloaded: the tables and the strings in them live as long as the process.
 *  - Every struct carries its size and grows at the end only. Read no field past struct_size.
 *  - All pointers are non-null unless said otherwise; all text is UTF-8 with a length, not NUL-ended.
 *  - 64-bit little-endian systems only.
 *  - No exception, panic or longjmp may cross a function of this file, in either direction.
 *  - A plugin does not write to stdout, exit, fork, or change the directory, locale, environment or signal handlers.
 *  - Results may depend on text, layers and options; not on thread, worker, earlier documents, time or chance. */
#ifndef DEMARCHE_PLUGIN_H
#define DEMARCHE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DEMARCHE_MAGIC 0x31454D44u /* "DME1" in memory */
#define DEMARCHE_ABI_MAJOR 1
#define DEMARCHE_ABI_MINOR 0 /* of this header */
#define DEMARCHE_SERIAL 1    /* demarche_kind.flags: never call process concurrently */
#define DEMARCHE_MAX_KINDS 256
#define DEMARCHE_NONE 0xFFFFFFFFu /* no string, no head (a root), no chain, no quotation; twice: no span */

/* Answers of the host's functions. One negative answer of intern, put, annotate or record fails the document, even if
 * process returns 0: nothing is lost by forgetting to look. */
#define DEMARCHE_OK 0
#define DEMARCHE_ABSENT -1      /* the layer did not run */
#define DEMARCHE_UNKNOWN -2     /* no such column, layer or index */
#define DEMARCHE_SPAN -3        /* not a stretch of the text on character boundaries */
#define DEMARCHE_UTF8 -4        /* not UTF-8 */
#define DEMARCHE_TYPE -5        /* another size, alignment or number than the column's, or a value it does not have */
#define DEMARCHE_JSON -6        /* not JSON, deeper than 64, or not an item of the layer */
#define DEMARCHE_LIMIT -7       /* over 1,000,000 items, 16 MiB of JSON or 64 MiB of strings for one document */
#define DEMARCHE_UNDECLARED -8  /* the layer is not in the manifest's writes */
#define DEMARCHE_STATE -9       /* the layer is there already, and is written only once */
#define DEMARCHE_HOST -10       /* the host failed */

/* Results of create and process; any other number is taken as DEMARCHE_FAILED. */
#define DEMARCHE_FAILED 1   /* this document failed (process); no stage with these options (create) */
#define DEMARCHE_FATAL 2    /* the stage cannot go on: end the run */
#define DEMARCHE_PANICKED 3 /* a bug: an exception or a panic was caught */

typedef int32_t demarche_status;
typedef struct demarche_doc demarche_doc;   /* a document, for one call of process, on the thread that got it */
typedef struct demarche_call demarche_call; /* a call of create or process */

typedef struct demarche_bytes {
  const uint8_t *ptr; /* may be null if len is 0 */
  size_t len;
} demarche_bytes;

typedef struct demarche_span {
  uint32_t start, end; /* bytes into the text, end exclusive */
} demarche_span;

typedef struct demarche_view {
  const void *data; /* aligned for its items; may be null if count is 0 */
  size_t count;
  uint32_t item_size, reserved;
} demarche_view;

typedef struct demarche_host {
  uint32_t struct_size, abi_major, abi_minor, threads; /* threads: how many will call process */
  demarche_bytes version;                              /* of the host: for messages, never for decisions */
  /* Lends a column (below): contiguous, valid and unchanged until the call returns, whatever is written meanwhile. */
  demarche_status (*view)(const demarche_doc *, uint32_t column, demarche_view *out);
  /* The id of a string, for columns that are put. Good for this call only. */
  demarche_status (*intern)(demarche_doc *, demarche_bytes string, uint32_t *id);
  /* Writes a whole column: SENTENCE_SPAN, and TOKEN_*. */
  demarche_status (*put)(demarche_doc *, uint32_t column, const demarche_view *values);
  /* Adds an item to an open layer. */
  demarche_status (*annotate)(demarche_doc *, demarche_bytes layer, demarche_span, demarche_bytes json_value);
  /* Adds an item to entities, chains, quotes or sanctions: JSON of the document format, offsets in bytes. Indices of
   * chains and quotations count those that are there and then those that this call adds. */
  demarche_status (*record)(demarche_doc *, demarche_bytes layer, demarche_bytes json);
  /* Non-zero: return soon, the document's time is up. Any thread, while the call lasts. */
  int32_t (*cancelled)(const demarche_doc *);
  /* Why this call will return non-zero. In create, "`option`: what is wrong" is shown at that option. */
  void (*fail)(demarche_call *, demarche_bytes message);
  /* 1 error, 2 warning, 3 information, 4 debug, 5 trace. Any thread, any time. */
  void (*log)(int32_t level, demarche_bytes message);
  /* "NAME/REVISION" to a struct that lives as long as the process; null if this host does not have it. */
  const void *(*extension)(demarche_bytes id);
} demarche_host;

typedef struct demarche_kind {
  uint32_t struct_size, flags;
  /* JSON: {"name", "summary", "version", "reads": [layer], "writes": [layer], "options": JSON Schema of an object,
   * "deterministic": bool}. A schema string with "format": "path" is resolved against the pipeline file. */
  demarche_bytes manifest;
  /* Builds a stage; options is a JSON object, valid by the schema. Returns 0 and sets *self, which may be null. */
  demarche_status (*create)(demarche_call *, demarche_bytes options, void **self);
  void (*destroy)(void *self); /* once; never while process runs */
  /* Memory for one thread at a time, used again for document after document. Both may be null: then worker is null. */
  demarche_status (*worker_new)(void *self, void **worker);
  void (*worker_free)(void *self, void *worker);
  /* Many threads at once with one self, each with a worker and a doc of its own. All that it wrote becomes part of the
   * document when it returns 0, and nothing otherwise. */
  demarche_status (*process)(void *self, void *worker, demarche_doc *, demarche_call *);
} demarche_kind;

typedef struct demarche_plugin {
  /* abi_minor: the least that this plugin needs, 0 unless it uses what came later; not DEMARCHE_ABI_MINOR, or hosts of
   * before this header refuse it for nothing. */
  uint32_t magic, abi_major, abi_minor, struct_size;
  const demarche_kind *const *kinds;
  size_t kind_count;   /* 1 to DEMARCHE_MAX_KINDS */
  demarche_bytes info; /* JSON: {"name", "version", "license", "homepage"} */
} demarche_plugin;

/* The extension "demarche.layers/1": the open layers of a document, in alphabetical order of their names. */
typedef struct demarche_layers {
  uint32_t struct_size, reserved;
  demarche_status (*name)(const demarche_doc *, uint32_t index, demarche_bytes *out); /* ABSENT past the last */
} demarche_layers;

/* The only symbol that a plugin exports. May return null if this host is too old for it, and say why with log. */
#ifdef _WIN32
__declspec(dllexport)
#elif defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const demarche_plugin *demarche_plugin_v1(const demarche_host *host);

/* Columns. A string id is a uint32_t: an index into the document's string table, or DEMARCHE_NONE. *_OFFSETS has one
 * item more than there are lists: list i is the items [offsets[i], offsets[i + 1]) of the column after it. */
#define DEMARCHE_TEXT 1                       /* uint8_t: the text, UTF-8 */
#define DEMARCHE_ID 2                         /* uint8_t: the document's name, UTF-8 */
#define DEMARCHE_META 3                       /* uint8_t: what else is known of the document: a JSON object */
#define DEMARCHE_STRING_OFFSETS 4             /* uint32_t: the string table: where each string starts in STRING_BYTES, and where the last one ends */
#define DEMARCHE_STRING_BYTES 5               /* uint8_t: the strings of the table, one after the other, UTF-8 */
#define DEMARCHE_SENTENCE_SPAN 16             /* demarche_span: where the sentences stand */
#define DEMARCHE_TOKEN_SPAN 17                /* demarche_span: where the tokens stand */
#define DEMARCHE_TOKEN_UPOS 18                /* uint8_t: Universal part of speech: 0 none, 1 to 17 in alphabetical order */
#define DEMARCHE_TOKEN_XPOS 19                /* string id: Penn Treebank tag */
#define DEMARCHE_TOKEN_LEMMA 20               /* string id: dictionary form */
#define DEMARCHE_TOKEN_DEPREL 21              /* string id: relation to the head */
#define DEMARCHE_TOKEN_HEAD 22                /* uint32_t: index of the head; DEMARCHE_NONE for a root */
#define DEMARCHE_ENTITY_SPAN 32               /* demarche_span: where the entities stand */
#define DEMARCHE_ENTITY_LABEL 33              /* string id: PERSON, GPE, … */
#define DEMARCHE_ENTITY_NAME 34               /* string id: the fullest name */
#define DEMARCHE_ENTITY_NORM 35               /* string id: the code */
#define DEMARCHE_ENTITY_CHAIN 36              /* uint32_t: index of the chain; DEMARCHE_NONE for none */
#define DEMARCHE_CHAIN_NAME 48                /* string id: the fullest name */
#define DEMARCHE_CHAIN_LABEL 49               /* string id: label of the named mentions */
#define DEMARCHE_CHAIN_NORM 50                /* string id: the code */
#define DEMARCHE_CHAIN_MENTION_OFFSETS 51     /* uint32_t */
#define DEMARCHE_CHAIN_MENTION_SPAN 52        /* demarche_span: where the mentions stand */
#define DEMARCHE_QUOTE_KIND 64                /* uint8_t: 0 direct, 1 indirect, 2 mixed */
#define DEMARCHE_QUOTE_CONTENT_OFFSETS 65     /* uint32_t */
#define DEMARCHE_QUOTE_CONTENT_SPAN 66        /* demarche_span: what is said */
#define DEMARCHE_QUOTE_CUE_OFFSETS 67         /* uint32_t */
#define DEMARCHE_QUOTE_CUE_SPAN 68            /* demarche_span: the words that report it */
#define DEMARCHE_QUOTE_SOURCE_OFFSETS 69      /* uint32_t */
#define DEMARCHE_QUOTE_SOURCE_SPAN 70         /* demarche_span: the phrase that names who says it */
#define DEMARCHE_QUOTE_SPEAKER_NAME 71        /* string id: name of the person or body behind the source */
#define DEMARCHE_QUOTE_SPEAKER_NORM 72        /* string id: the speaker's code */
#define DEMARCHE_QUOTE_SPEAKER_CHAIN 73       /* uint32_t: index of the speaker's chain; DEMARCHE_NONE for none */
#define DEMARCHE_QUOTE_TYPE 74                /* uint8_t: 0 statement, 1 belief, 2 intention, 3 question, 4 order */
#define DEMARCHE_SANCTION_TRIGGER 96          /* demarche_span: the word that carries the action */
#define DEMARCHE_SANCTION_ACTION 97           /* uint8_t: what is done, by number */
#define DEMARCHE_SANCTION_MEASURES 98         /* uint16_t: by which measures: a set of bits */
#define DEMARCHE_SANCTION_FACTUALITY 99       /* uint8_t: 0 actual, 1 possible, 2 negated */
#define DEMARCHE_SANCTION_SENDER_OFFSETS 100  /* uint32_t */
#define DEMARCHE_SANCTION_SENDER_SPAN 101     /* demarche_span: who imposes */
#define DEMARCHE_SANCTION_SENDER_NORM 102     /* string id: codes, along the spans */
#define DEMARCHE_SANCTION_TARGET_OFFSETS 103  /* uint32_t */
#define DEMARCHE_SANCTION_TARGET_SPAN 104     /* demarche_span: whom it hits */
#define DEMARCHE_SANCTION_TARGET_NORM 105     /* string id: codes, along the spans */
#define DEMARCHE_SANCTION_ACTOR_OFFSETS 106   /* uint32_t */
#define DEMARCHE_SANCTION_ACTOR_SPAN 107      /* demarche_span: who violates, opposes, proposes or asks for relief */
#define DEMARCHE_SANCTION_ACTOR_NORM 108      /* string id: codes, along the spans */
#define DEMARCHE_SANCTION_INSTRUMENT 109      /* demarche_span: the legal act; both ends DEMARCHE_NONE for none */
#define DEMARCHE_SANCTION_REASON 110          /* demarche_span: the stated ground; both ends DEMARCHE_NONE for none */
#define DEMARCHE_SANCTION_DATE 111            /* demarche_span: the date of the action; both ends DEMARCHE_NONE for none */
#define DEMARCHE_SANCTION_QUOTE 112           /* uint32_t: index of the quotation that says it; DEMARCHE_NONE for none */
#define DEMARCHE_SANCTION_CAMEO 113           /* string id: CAMEO code */
#define DEMARCHE_SANCTION_PLOVER 114          /* string id: PLOVER event */
#define DEMARCHE_LAYER_SPAN(index) (4096 + 2 * (index)) /* demarche_span: an open layer, by "demarche.layers/1" */
#define DEMARCHE_LAYER_VALUE(index) (4097 + 2 * (index)) /* string id: compact JSON */

/* Values of QUOTE_KIND. */
#define DEMARCHE_QUOTE_KIND_DIRECT 0
#define DEMARCHE_QUOTE_KIND_INDIRECT 1
#define DEMARCHE_QUOTE_KIND_MIXED 2

/* Values of QUOTE_TYPE. */
#define DEMARCHE_QUOTE_TYPE_STATEMENT 0
#define DEMARCHE_QUOTE_TYPE_BELIEF 1
#define DEMARCHE_QUOTE_TYPE_INTENTION 2
#define DEMARCHE_QUOTE_TYPE_QUESTION 3
#define DEMARCHE_QUOTE_TYPE_ORDER 4

/* Values of SANCTION_ACTION. */
#define DEMARCHE_ACTION_IMPOSE 0
#define DEMARCHE_ACTION_EXPAND 1
#define DEMARCHE_ACTION_EASE 2
#define DEMARCHE_ACTION_THREATEN 3
#define DEMARCHE_ACTION_PROPOSE 4
#define DEMARCHE_ACTION_URGE_RELIEF 5
#define DEMARCHE_ACTION_OPPOSE 6
#define DEMARCHE_ACTION_ENFORCE 7
#define DEMARCHE_ACTION_VIOLATE 8
#define DEMARCHE_ACTION_IN_FORCE 9

/* Values of SANCTION_FACTUALITY. */
#define DEMARCHE_FACTUALITY_ACTUAL 0
#define DEMARCHE_FACTUALITY_POSSIBLE 1
#define DEMARCHE_FACTUALITY_NEGATED 2

/* Values of SANCTION_MEASURES: bit number. */
#define DEMARCHE_MEASURE_ASSET_FREEZE 0
#define DEMARCHE_MEASURE_TRAVEL_BAN 1
#define DEMARCHE_MEASURE_ARMS 2
#define DEMARCHE_MEASURE_EXPORT 3
#define DEMARCHE_MEASURE_IMPORT 4
#define DEMARCHE_MEASURE_TRADE 5
#define DEMARCHE_MEASURE_FINANCIAL 6
#define DEMARCHE_MEASURE_ENERGY 7
#define DEMARCHE_MEASURE_TRANSPORT 8
#define DEMARCHE_MEASURE_DIPLOMATIC 9
#define DEMARCHE_MEASURE_AID 10
#define DEMARCHE_MEASURE_TECHNOLOGY 11
#define DEMARCHE_MEASURE_SPORTS_CULTURE 12
#define DEMARCHE_MEASURE_OTHER 13

/* Values of TOKEN_UPOS. */
#define DEMARCHE_UPOS_NONE 0
#define DEMARCHE_UPOS_ADJ 1
#define DEMARCHE_UPOS_ADP 2
#define DEMARCHE_UPOS_ADV 3
#define DEMARCHE_UPOS_AUX 4
#define DEMARCHE_UPOS_CCONJ 5
#define DEMARCHE_UPOS_DET 6
#define DEMARCHE_UPOS_INTJ 7
#define DEMARCHE_UPOS_NOUN 8
#define DEMARCHE_UPOS_NUM 9
#define DEMARCHE_UPOS_PART 10
#define DEMARCHE_UPOS_PRON 11
#define DEMARCHE_UPOS_PROPN 12
#define DEMARCHE_UPOS_PUNCT 13
#define DEMARCHE_UPOS_SCONJ 14
#define DEMARCHE_UPOS_SYM 15
#define DEMARCHE_UPOS_VERB 16
#define DEMARCHE_UPOS_X 17

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* DEMARCHE_PLUGIN_H */
