"""Times scikit-learn on arrays in files, for bench:evaluator: a request a line on standard input, an answer a line."""

import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score


def values(metric, labels, utility, length):
    if metric == "ndcg":
        scores = utility.reshape(-1, length)
        return [float(ndcg_score(y.reshape(-1, length), scores, k=10, ignore_ties=True)) for y in labels]
    score = {"average_precision": average_precision_score, "roc_auc": roc_auc_score}[metric]
    return [float(score(y, utility)) for y in labels]


def main():
    folder, heads, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    utility = np.fromfile(f"{folder}/utility.f64", dtype=np.float64)
    labels = [np.fromfile(f"{folder}/label{h}.i8", dtype=np.int8) for h in range(heads)]
    for line in sys.stdin:
        metric = json.loads(line)["metric"]
        start, processor = time.perf_counter(), time.process_time()
        found = values(metric, labels, utility, length)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        print(json.dumps({"seconds": seconds, "processorSeconds": processor, "values": found}), flush=True)


main()
