"""Compares and screens names with nomenklatura, on the files that 'pabean compare-names' and 'screen-names' take.

    nomenklatura_names.py compare PAIRS.csv
    nomenklatura_names.py screen QUERIES.csv NAMES.csv SECONDS

Prints one JSON object. Screening compares a query with every name, as its matching service does with the candidates that its
index gives; it stops after SECONDS and says how many queries it came to.
"""

import csv
import json
import sys
import time

from followthemoney import model
from nomenklatura.matching import get_algorithm

THRESHOLD = 0.70


def entity(key, schema, name):
    """What it makes of an entity's names is kept by the entity's id, so each must have its own."""
    made = model.make_entity(schema if schema and schema in model.schemata else "LegalEntity")
    made.id = key
    made.add("name", name)
    return made


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def compare(algorithm, config, path):
    pairs = [
        (entity(f"{number}-left", row.get("schema"), row["name1"]),
         entity(f"{number}-right", row.get("schema"), row["name2"]),
         row["is_match"].lower() in ("1", "true", "yes"))
        for number, row in enumerate(rows(path))
    ]
    start = time.perf_counter()
    hits = [algorithm.compare(left, right, config).score >= THRESHOLD for left, right, _ in pairs]
    took = time.perf_counter() - start
    truths = [truth for _, _, truth in pairs]
    both = sum(hit and truth for hit, truth in zip(hits, truths))
    wrong = sum(hit and not truth for hit, truth in zip(hits, truths))
    missed = sum(truth and not hit for hit, truth in zip(hits, truths))
    return {
        "f1": 2 * both / max(1, 2 * both + wrong + missed), "fpr": wrong / max(1, len(truths) - sum(truths)),
        "usPerPair": took * 1e6 / max(1, len(pairs)),
    }


def screen(algorithm, config, path, names, seconds):
    listed = [entity(str(number), row.get("schema"), row["name"]) for number, row in enumerate(rows(names))]
    start = time.perf_counter()
    count = 0
    for number, row in enumerate(rows(path)):
        query = entity(f"query-{number}", row.get("schema"), row["query"])
        for party in listed:
            algorithm.compare(query, party, config)
        count += 1
        if time.perf_counter() - start > seconds:
            break
    return {"msPerQuery": (time.perf_counter() - start) * 1e3 / count, "queries": count, "names": len(listed)}


def main():
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    if sys.argv[1] == "compare":
        result = compare(algorithm, config, sys.argv[2])
    else:
        result = screen(algorithm, config, sys.argv[2], sys.argv[3], float(sys.argv[4]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
