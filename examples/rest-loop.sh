#!/bin/sh
# The suggest/complete loop over HTTP with curl (node reads and writes the JSON): `pondera serve` chooses weights, you
# measure them.
#
#   npx pondera serve &
#   sh examples/rest-loop.sh [http://127.0.0.1:8350]
set -eu

base=${1:-http://127.0.0.1:8350}/v1/studies
trials=12
name=rest-loop-sh-$(date +%s)-$$

# call METHOD PATH [BODY]: every error is a problem document (RFC 9457), whose detail says what is expected.
call() {
  curl --silent --show-error --fail-with-body --request "$1" "$base$2" \
    ${3+--header 'Content-Type: application/json' --data "$3"}
}

# evaluate SUGGESTED: put your own measurement here: rank with the weights of the suggested trial, print its number and
# what happened, as JSON.
evaluate() {
  node -e '
    const [{ number, weights }] = JSON.parse(process.argv[1]).trials;
    const { click, save, follow } = weights;
    const watch_time = 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2;
    const metrics = { watch_time, saves: 1 + save - 0.3 * click, hides: 0.1 + 0.1 * click ** 2 };
    console.log(number, JSON.stringify({ metrics }));
  ' "$1"
}

# What to gain, over which weights, and what not to lose for it. The name is the study's identifier.
# This stand-in measures exactly. An A/B test does not: leave "metrics" out and complete with {mean, sem}.
call POST '' '{
  "name": "'"$name"'",
  "weights": { "click": [0, 1], "save": [0, 1], "follow": [0, 1] },
  "sum": 1,
  "objective": "maximize watch_time",
  "guardrails": ["saves >= 0.95 * baseline", "hides <= 1.05 * baseline"],
  "baseline": { "weights": { "click": 0.4, "save": 0.3, "follow": 0.3 } },
  "metrics": { "watch_time": { "noise": "none" }, "saves": { "noise": "none" }, "hides": { "noise": "none" } },
  "budget": '"$trials"'
}' >/dev/null

# From 0: the first trial is the baseline, which every guardrail is measured against.
i=0
while [ "$i" -le "$trials" ]; do
  measured=$(evaluate "$(call POST "/$name/trials:suggest" '{ "count": 1 }')")
  number=${measured%% *} body=${measured#* }
  call POST "/$name/trials/$number:complete" "$body" >/dev/null
  echo "trial $number: $body"
  i=$((i + 1))
done

node -e '
  const { best } = JSON.parse(process.argv[1]);
  console.log(`best: trial ${best.number}, feasible: ${best.feasible}, weights ${JSON.stringify(best.weights)}`);
  for (const [metric, { value, baseline }] of Object.entries(best.metrics))
    console.log(`${metric}: ${value} (baseline ${baseline})`);
' "$(call GET "/$name:report")"
