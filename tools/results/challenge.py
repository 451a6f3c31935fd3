"""How far a challenge's own answer stays above what is asked."""

import dataclasses

from labs.checking import catalog

SEEDS = range(10)


def challenge(name, seeds=SEEDS):
    """The worst score of the reference over the seeds, on the test examples, and the score that is asked for."""
    found = catalog.find(name)
    scores = []
    for seed in seeds:
        examine = dataclasses.replace(found.examine, seed=seed)
        unmet, score, _count = examine.measure(found.reference, lambda fraction: None)
        if unmet:
            raise RuntimeError(f"{name} with seed {seed}: {unmet.requirement}: {unmet.message}")
        scores.append(round(score, 3))
    return {f"{name}_worst": min(scores), f"{name}_asked": found.examine.asked}
