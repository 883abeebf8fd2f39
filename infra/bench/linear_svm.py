"""A linear support vector machine over TF-IDF of words and letters, trained and asked as fastText is.

    linear_svm.py TRAIN TEST      lines of `__label__CODE text`; prints one JSON object
"""

import json
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC


def read(path):
    labels, texts = [], []
    for line in open(path, encoding="utf-8"):
        label, _, text = line.rstrip("\n").partition(" ")
        labels.append(label)
        texts.append(text)
    return labels, texts


def main():
    labels, texts = read(sys.argv[1])
    features = make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
        TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 4), min_df=2),
    )
    model = LinearSVC(C=1)
    start = time.process_time()
    model.fit(features.fit_transform(texts), labels)
    trained = time.process_time()
    truth, asked = read(sys.argv[2])
    answers = model.predict(features.transform(asked))
    answered = time.process_time()
    print(
        json.dumps(
            {
                "right": sum(a == t for a, t in zip(answers, truth)) / len(truth),
                "trainingSeconds": trained - start,
                "perSecond": len(truth) / (answered - trained),
            }
        )
    )


if __name__ == "__main__":
    main()
