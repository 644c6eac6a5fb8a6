#!/usr/bin/env python3
"""Of the clusters of `word-clusters.py`, those of words that are used: for `demarche-train sanctions --clusters`.

usage: used-words.py CLUSTERS.tsv WORDS.txt TEXTS... > clusters.tsv

A word is kept that stands in WORDS.txt (a line each) or at least twice in the TEXTS: JSON Lines with `text`, or CoNLL-U. The number of
its vector, which the sanction stage does not look at, is left out (0).
"""
import collections
import json
import re
import sys


def texts(path):
    for line in open(path, encoding="utf-8"):
        if path.endswith(".conllu"):
            if line.startswith("# text = "):
                yield line[9:]
        elif line.strip():
            yield json.loads(line)["text"]


def main():
    clusters, words, *paths = sys.argv[1:]
    counts = collections.Counter()
    for path in paths:
        for text in texts(path):
            counts.update(re.findall(r"[^\W\d_]{2,14}", text.lower()))
    common = {line.strip().lower() for line in open(words, encoding="utf-8") if not line.startswith("#")}
    for line in open(clusters, encoding="utf-8"):
        word, *ids, _ = line.rstrip("\n").split("\t")
        if word in common or counts[word] >= 2:
            print(word, *ids, 0, sep="\t")


main()
