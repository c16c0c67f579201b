# needs: numpy sklearn
"""Texts to sparse matrices, a topic model and a classifier; the vocabulary in one step, models in others."""

import numpy as np
import scipy.sparse as sp
from metaflow import FlowSpec, step
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier

WORDS = {"sea": "ship wave salt sail port", "land": "field tree road house hill"}


class SklearnText(FlowSpec):
    @step
    def start(self):
        random = np.random.default_rng(2)
        self.labels = [kind for kind in WORDS for _ in range(200)]
        self.texts = [" ".join(random.choice(WORDS[kind].split(), 12)) for kind in self.labels]
        self.vectorizer = TfidfVectorizer()
        self.matrix = self.vectorizer.fit_transform(self.texts)
        self.array = sp.csr_array(self.matrix)
        self.next(self.topics, self.classify)

    @step
    def topics(self):
        self.model = NMF(2, random_state=0, max_iter=400)
        self.weights = self.model.fit_transform(self.matrix)
        self.next(self.join)

    @step
    def classify(self):
        self.classifier = SGDClassifier(random_state=0).fit(self.array, self.labels)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.matrix = inputs.classify.matrix  # a sparse matrix notes what it was asked: it differs after its use
        self.merge_artifacts(inputs)
        self.next(self.end)

    @step
    def end(self):
        assert self.classifier.predict(self.vectorizer.transform(["wave ship", "hill tree"])).tolist() == ["sea", "land"]
        topics = self.weights.argmax(1)
        assert len(set(topics[:200])) == 1 and topics[0] != topics[-1]
        assert (self.matrix != self.array).nnz == 0 and self.matrix.dtype == np.float64


if __name__ == "__main__":
    SklearnText()
