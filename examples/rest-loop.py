"""The suggest/complete loop over HTTP, standard library only: `pondera serve` chooses weights, you measure them.

    npx pondera serve &
    python3 examples/rest-loop.py [http://127.0.0.1:8350]
"""

import json
import sys
import time
import urllib.error
import urllib.request

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8350"
TRIALS = 12

# What to gain, over which weights, and what not to lose for it. The name is the study's identifier.
STUDY = {
    "name": f"rest-loop-py-{time.time_ns()}",
    "weights": {"click": [0, 1], "save": [0, 1], "follow": [0, 1]},
    "sum": 1,
    "objective": "maximize watch_time",
    "guardrails": ["saves >= 0.95 * baseline", "hides <= 1.05 * baseline"],
    "baseline": {"weights": {"click": 0.4, "save": 0.3, "follow": 0.3}},
    # This stand-in measures exactly. An A/B test does not: leave "metrics" out and complete with {mean, sem}.
    "metrics": {name: {"noise": "none"} for name in ("watch_time", "saves", "hides")},
    "budget": TRIALS,
}


def evaluate(weights):
    """Put your own measurement here: rank with these weights, return what happened."""
    click, save, follow = weights["click"], weights["save"], weights["follow"]
    return {
        "watch_time": 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2,
        "saves": 1 + save - 0.3 * click,
        "hides": 0.1 + 0.1 * click**2,
    }


def call(method, path, body=None):
    """Every error is a problem document (RFC 9457): "detail" says what was found and what is expected."""
    request = urllib.request.Request(f"{BASE}/v1/studies{path}", method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode())


call("POST", "", STUDY)
trials = f"/{STUDY['name']}/trials"
# One more than the budget: trial 0 is the baseline, which every guardrail is measured against.
for _ in range(TRIALS + 1):
    for trial in call("POST", f"{trials}:suggest", {"count": 1})["trials"]:
        metrics = evaluate(trial["weights"])
        call("POST", f"{trials}/{trial['number']}:complete", {"metrics": metrics})
        print(f"trial {trial['number']}: watch_time {metrics['watch_time']:.4f}")

best = call("GET", f"/{STUDY['name']}:report")["best"]
feasible = json.dumps(best["feasible"])
print(f"best: trial {best['number']}, feasible: {feasible}, weights {json.dumps(best['weights'])}")
for name, metric in best["metrics"].items():
    print(f"{name}: {metric['value']} (baseline {metric['baseline']})")
