#!/usr/bin/env python3
"""Adds what other recognizers find to documents, for `demarche-train entities`.

usage: label-names.py DOCUMENTS.jsonl NAME=SPACY_MODEL_DIR... NAME=FILE... > labeled.jsonl

A folder is a spaCy pipeline, which is run. A file has the names already, a line a document: label, start and end in code
points, and so on, parted by spaces, as a few lines around CoreNLP's `CRFClassifier.classifyToCharacterOffsets` print them.
Each gives the open layer `machine-NAME`. The names are `sm`, `md` (spaCy), `all`, `conll`, `muc` (CoreNLP's three classifiers).
"""
import json
import os
import sys

import spacy


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    for doc in docs:
        doc["layers"] = {}
    for argument in sys.argv[2:]:
        name, path = argument.split("=", 1)
        if os.path.isdir(path):
            unused = ["parser", "lemmatizer", "attribute_ruler", "tagger"]
            pipe = spacy.load(path, exclude=unused).pipe(doc["text"] for doc in docs)
            found = ([(ent.label_, ent.start_char, ent.end_char) for ent in doc.ents] for doc in pipe)
        else:
            with open(path, encoding="utf-8") as lines:
                rows = [line.split() for line in lines]
            found = (zip(row[::3], map(int, row[1::3]), map(int, row[2::3])) for row in rows)
        for doc, names in zip(docs, found):
            layer = [{"span": [start, end], "value": label} for label, start, end in names]
            doc["layers"]["machine-" + name] = layer
    for doc in docs:
        print(json.dumps(doc, ensure_ascii=False))


main()
