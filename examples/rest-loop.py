"""The suggest/complete loop over HTTP, standard library only: `pondera serve` chooses weights, you measure them.

    npx pondera serve &
    python3 examples/rest-loop.py [http://127.0.0.1:8350]

PONDERA_KEY has the API key, where the service needs one; PONDERA_CLIENT names this client.
"""

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8350"
KEY = os.environ.get("PONDERA_KEY")
CLIENT = os.environ.get("PONDERA_CLIENT", "worker-1")
TRIALS = 20

# A trial is lent for so long, and again with each heartbeat: one whose client died is handed out anew.
LEASE_SECONDS = 3

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


def evaluate(number, weights):
    """Put your own measurement here: rank with these weights, return what happened."""
    # This stand-in takes a while once, so that heartbeats are sent, and breaks once.
    if number == 0:
        time.sleep(1.5)
    if number == 5:
        raise RuntimeError("the job was killed")
    click, save, follow = weights["click"], weights["save"], weights["follow"]
    return {
        "watch_time": 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2,
        "saves": 1 + save - 0.3 * click,
        "hides": 0.1 + 0.1 * click**2,
    }


def call(method, path, body=None, tries=6):
    """Every error is a problem document (RFC 9457): "detail" says what was found and what is expected.

    A POST has an Idempotency-Key, under which it is sent again where no answer comes, or 429 or 503 says to: nothing is
    done twice.
    """
    request = urllib.request.Request(f"{BASE}/v1/studies{path}", method=method)
    if KEY:
        request.add_header("Authorization", f"Bearer {KEY}")
    if method == "POST":
        request.add_header("Idempotency-Key", str(uuid.uuid4()))
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    for i in range(tries):
        wait = 0.1 * 2**i
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or i == tries - 1:
                raise RuntimeError(error.read().decode()) from error
            wait = float(error.headers.get("Retry-After", wait))
        except OSError:
            if i == tries - 1:
                raise
        time.sleep(min(wait, 10))


class Heartbeat:
    """Keeps a trial ours while it is measured."""

    def __init__(self, trial):
        self.trial = trial
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True)

    def beat(self):
        while not self.over.wait(LEASE_SECONDS / 3):
            try:
                call("POST", f"{self.trial}:heartbeat", {"clientId": CLIENT, "leaseSeconds": LEASE_SECONDS}, tries=1)
            except (OSError, RuntimeError):
                pass  # The next one, or the completion, says how it is.

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


call("POST", "", STUDY)
trials = f"/{STUDY['name']}/trials"
# One more than the budget: trial 0 is the baseline, which every guardrail is measured against.
for _ in range(TRIALS + 1):
    # The same client asking again, after a crash say, gets the trials that it still has.
    asked = {"count": 1, "clientId": CLIENT, "leaseSeconds": LEASE_SECONDS}
    for suggested in call("POST", f"{trials}:suggest", asked)["trials"]:
        number = suggested["number"]
        trial = f"{trials}/{number}"
        try:
            with Heartbeat(trial):
                metrics = evaluate(number, suggested["weights"])
        except Exception as error:
            call("POST", f"{trial}:fail", {"reason": str(error)})
            print(f"trial {number} failed: {error}")
        else:
            call("POST", f"{trial}:complete", {"metrics": metrics})
            print(f"trial {number}: watch_time {metrics['watch_time']:.4f}")

best = call("GET", f"/{STUDY['name']}:report")["best"]
feasible = json.dumps(best["feasible"])
print(f"best: trial {best['number']}, feasible: {feasible}, weights {json.dumps(best['weights'])}")
for name, metric in best["metrics"].items():
    print(f"{name}: {metric['value']} (baseline {metric['baseline']})")
