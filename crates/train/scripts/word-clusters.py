#!/usr/bin/env python3
"""Clusters of words for `demarche-train entities --clusters`.

usage: word-clusters.py MODEL_DIR > clusters.tsv

MODEL_DIR is a spaCy pipeline with word vectors; the model of this repository was made with en_core_web_md 3.8.0, whose vectors
(OSCAR, Wikipedia, OpenSubtitles, WMT News Crawl; by Explosion) are CC0. Needs numpy and spaCy.

A line: the word in small letters, its cluster among 64, 512 and 2,048, and the number of its vector. Many words share a vector,
which so is the finest cluster. Spherical k-means over the vectors without their mean and first three principal components
(Mu & Viswanath 2018), each weighted by the root of how many words share it, 30 at most.
"""
import collections
import re
import sys

import numpy
import spacy

SIZES = (64, 512, 2048)
PASSES = 20


def k_means(vectors, weights, size, seed):
    random = numpy.random.RandomState(seed)
    used = numpy.where(weights > 0)[0]
    centers = vectors[random.choice(used, size, replace=False)].copy()
    for _ in range(PASSES):
        nearest = numpy.argmax(vectors @ centers.T, 1)
        sums = numpy.zeros_like(centers)
        numpy.add.at(sums, nearest, vectors * weights[:, None])
        norms = numpy.linalg.norm(sums, axis=1)
        other = vectors[random.randint(len(vectors), size=size)]
        centers = numpy.where(norms[:, None] > 0, sums / numpy.maximum(norms, 1e-9)[:, None], other)
    return nearest


def main():
    vocab = spacy.load(sys.argv[1], exclude=["parser", "lemmatizer", "attribute_ruler", "tagger", "ner"]).vocab
    rows = {}
    for key in vocab.vectors.keys():
        word = vocab.strings[key].lower() if key in vocab.strings else ""
        if re.fullmatch(r"[^\W\d_]{2,14}", word):
            rows.setdefault(word, int(vocab.vectors.key2row[key]))
    vectors = vocab.vectors.data.astype(numpy.float32)
    vectors /= numpy.maximum(numpy.linalg.norm(vectors, axis=1), 1e-6)[:, None]
    vectors -= vectors.mean(0)
    axes = numpy.linalg.svd(vectors, full_matrices=False)[2][:3]
    vectors -= (vectors @ axes.T) @ axes
    vectors /= numpy.maximum(numpy.linalg.norm(vectors, axis=1), 1e-6)[:, None]
    counts = collections.Counter(rows.values())
    weights = numpy.array([min(counts[row], 30) for row in range(len(vectors))], numpy.float32) ** 0.5
    clusters = [k_means(vectors, weights, size, 1) for size in SIZES]
    for word, row in sorted(rows.items()):
        print(word, *(cluster[row] for cluster in clusters), row, sep="\t")


main()
