"""Optuna's GPSampler behind JSON lines: standard input asks, standard output answers; the caller measures.

    {"study": {"dimension": d, "seed": s}}           begins a study of d parameters in [0, 1], to be minimised
    {"add": {"parameters": […], "value": y, "constraints": […]}}   a trial that Optuna did not choose; c <= 0 is feasible
    {"ask": {}}                                      answers {"parameters": […], "seconds": t}
    {"tell": {"value": y, "constraints": […]}}       what the trial asked for last has measured

Only "ask" answers. Its time is that of the suggestion alone, without this protocol. Metrics have no noise, and Optuna is
told so; all else is its default.
"""

import json
import sys
import time
import warnings

import optuna
from optuna.distributions import FloatDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)


def named(constraints):
    return {f"c{i}": value for i, value in enumerate(constraints)}


def main():
    study, distributions, asked = None, {}, None
    for line in sys.stdin:
        ((request, body),) = json.loads(line).items()
        if request == "study":
            sampler = optuna.samplers.GPSampler(seed=body["seed"], deterministic_objective=True)
            study = optuna.create_study(direction="minimize", sampler=sampler)
            distributions = {f"u{i}": FloatDistribution(0, 1) for i in range(body["dimension"])}
        elif request == "add":
            study.add_trial(
                optuna.trial.create_trial(
                    params=dict(zip(distributions, body["parameters"])),
                    distributions=distributions,
                    value=body["value"],
                    constraints=named(body["constraints"]),
                )
            )
        elif request == "ask":
            start = time.perf_counter()
            asked = study.ask(distributions)
            seconds = time.perf_counter() - start
            print(json.dumps({"parameters": list(asked.params.values()), "seconds": seconds}), flush=True)
        elif request == "tell":
            for key, value in named(body["constraints"]).items():
                asked.set_constraint(key, value)
            study.tell(asked, body["value"])
        else:
            sys.exit(f"unknown request {request!r}: expected study, add, ask or tell")


if __name__ == "__main__":
    main()
