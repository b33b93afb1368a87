#!/bin/sh
# The suggest/complete loop over HTTP with curl (node reads and writes the JSON): `pondera serve` chooses weights, you
# measure them.
#
#   npx pondera serve &
#   sh examples/rest-loop.sh [http://127.0.0.1:8350]
#
# PONDERA_KEY has the API key, where the service needs one; PONDERA_CLIENT names this client.
set -eu

base=${1:-http://127.0.0.1:8350}/v1/studies
client=${PONDERA_CLIENT:-worker-1}
trials=20
name=rest-loop-sh-$(date +%s)-$$

# A trial is lent for so long, and again with each heartbeat: one whose client died is handed out anew.
lease=3

# call METHOD PATH [KEY BODY]: every error is a problem document (RFC 9457), whose detail says what is expected.
# A request that got no answer, or 429 or 503, is sent again under its Idempotency-Key: nothing is done twice.
call() {
  if answer=$(curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --request "$1" "$base$2" \
    ${PONDERA_KEY+--header "Authorization: Bearer $PONDERA_KEY"} \
    ${3+--header "Idempotency-Key: $3" --header 'Content-Type: application/json' --data "$4"}); then
    printf '%s\n' "$answer"
  else
    printf '%s\n' "$answer" >&2
    return 1
  fi
}

# evaluate SUGGESTED: put your own measurement here: rank with the weights of the suggested trial, print what happened,
# as JSON.
evaluate() {
  node -e '
    const [{ number, weights }] = JSON.parse(process.argv[1]).trials;
    const { click, save, follow } = weights;
    const watch_time = 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2;
    const metrics = { watch_time, saves: 1 + save - 0.3 * click, hides: 0.1 + 0.1 * click ** 2 };
    // This stand-in takes a while once, so that heartbeats are sent, and breaks once.
    setTimeout(() => console.log(JSON.stringify({ metrics })), number === 0 ? 1500 : 0);
    if (number === 5) process.exit(1);
  ' "$1"
}

# heartbeats TRIAL: until they are ended. One that is lost is no matter: the next one, or the completion, says how it is.
heartbeats() {
  while sleep 1; do
    call POST "$1:heartbeat" "$(date +%s)-$1" "{ \"clientId\": \"$client\", \"leaseSeconds\": $lease }" || true
  done >/dev/null 2>&1
}

# What to gain, over which weights, and what not to lose for it. The name is the study's identifier.
# This stand-in measures exactly. An A/B test does not: leave "metrics" out and complete with {mean, sem}.
call POST '' "$name" '{
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
  # The same client asking again, after a crash say, gets the trials that it still has.
  suggested=$(call POST "/$name/trials:suggest" "$name-suggest-$i" \
    "{ \"count\": 1, \"clientId\": \"$client\", \"leaseSeconds\": $lease }")
  number=$(node -p 'JSON.parse(process.argv[1]).trials[0].number' "$suggested")
  trial="/$name/trials/$number"
  heartbeats "$trial" &
  beat=$!
  if measured=$(evaluate "$suggested"); then
    call POST "$trial:complete" "$name-$number-end" "$measured" >/dev/null
    echo "trial $number: $measured"
  else
    call POST "$trial:fail" "$name-$number-end" '{ "reason": "the job was killed" }' >/dev/null
    echo "trial $number failed: the job was killed"
  fi
  kill "$beat"
  i=$((i + 1))
done

node -e '
  const { best } = JSON.parse(process.argv[1]);
  console.log(`best: trial ${best.number}, feasible: ${best.feasible}, weights ${JSON.stringify(best.weights)}`);
  for (const [metric, { value, baseline }] of Object.entries(best.metrics))
    console.log(`${metric}: ${value} (baseline ${baseline})`);
' "$(call GET "/$name:report")"
