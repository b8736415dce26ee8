"""Top-p alone over large vocabularies: the official runtime, Sconce's and the formula keep the same tokens.

Peaked and flat scores, many equal ones, gaps, banned tokens, huge and tiny differences, every p, several rows. The sum is one of float32 terms, so
the formula may keep a token more or less where the mass is within 1e-7 of what is wanted; the two runtimes may differ there too. How often is told, and more
than one row in fifty is a failure. Which of equal scores stay is left open. SCONCE_SEED is the seed, SCONCE_CASES the number of calls of each program.
"""
import math
import os
import random

import torch
from embedded import Ours, official
from support import Server, folder, note

SEED = int(os.environ.get("SCONCE_SEED", "7"))
CASES = int(os.environ.get("SCONCE_CASES", "40"))
ROWS, SETTINGS, TOP_P = 3, 29, 2
ROUNDING = 1e-7


def scores(rng, generator, size):
    normal = torch.randn(size, generator=generator)
    kind = rng.randrange(9)
    made = [
        lambda: normal,
        lambda: -torch.log(torch.arange(1, size + 1).float())[torch.randperm(size, generator=generator)],
        lambda: (4 * normal).round() / 4,
        lambda: torch.where(torch.rand(size, generator=generator) < 0.02, 8 + normal / 10, normal / 10),
        lambda: torch.where(torch.arange(size) == size // 2, torch.tensor(12.0), normal),
        lambda: torch.where((torch.rand(size, generator=generator) < 0.5) & (torch.arange(size) > 0), torch.tensor(-math.inf), normal),
        lambda: torch.ones(size),
        lambda: (3 * normal + 8).bfloat16().float(),
        lambda: torch.cat([torch.linspace(4, 3, 20), normal])[:size],
    ][kind]()
    return made * 10 ** rng.uniform(-3, 1.5) + rng.choice([0, 0, 0, 1000])


def by_formula(row, p):
    """How many tokens stay in descending order, and between which numbers rounding decides."""
    ordered = row.double().sort(descending=True).values
    weights = (ordered - ordered[0]).exp()
    before, total = weights.cumsum(0) - weights, weights.sum()
    count = [max(1, int((before < p * total + slack * total).sum())) for slack in (-ROUNDING, 0, ROUNDING)]
    return count, weights


def check(row, kept, p):
    """Returns whether rounding made a difference."""
    stays = kept > -math.inf
    assert torch.equal(kept[stays], row[stays])
    (least, exact, most), weights = by_formula(row, p)
    # Tokens whose weight is 0 in float32 have no part in it.
    positive = int((weights.float() > 1e-44).sum())
    number = int(stays.sum())
    assert min(least, positive) <= number <= most, (number, least, exact, most)
    if number < len(row):
        lowest, banned = float(row[stays].min()), float(row[~stays].max())
        assert lowest >= banned - 1e-6 * abs(float(row.max())), (lowest, banned)
    return number != exact and number < positive


def main():
    server, ours, where = Server("TopPRule.java", "base", "format", "ops", "kernels", "runtime", "text", "generate", "graph", "export"), Ours(), folder()
    rng, generator = random.Random(SEED), torch.Generator().manual_seed(SEED)
    rows = rounded = differ = 0
    for recipe, vocabulary in (("portable", 257), ("xnnpack", 1031), ("portable", 4096), ("xnnpack", 32000), ("xnnpack", 49152), ("portable", 50257)):
        path = os.path.join(where, "%s.%d.pte" % (recipe, vocabulary))
        server.ask(file=path, recipe=recipe, vocabulary=vocabulary, rows=ROWS)
        methods = official(path, "top_p"), ours.method(path, "top_p")
        for case in range(CASES if vocabulary < 32000 else CASES // 4):
            p = rng.choice([0, 1e-6, 0.1, 0.5, 0.9, 0.95, 0.999, 0.9999999, rng.random()])
            settings = torch.full((SETTINGS,), math.nan)
            settings[TOP_P] = p
            p = float(settings[TOP_P])
            batch = torch.stack([scores(rng, generator, vocabulary) for _ in range(rng.randint(1, ROWS))])
            made = [method([batch, settings, torch.tensor([-1])])[0].clone() for method in methods]
            for row, theirs, own in zip(batch, *made):
                try:
                    rounded += check(row, theirs, p) + check(row, own, p)
                except AssertionError as e:
                    raise AssertionError("seed %d, %s, vocabulary %d, case %d, p %s: %s" % (SEED, recipe, vocabulary, case, p, e)) from e
                rows, differ = rows + 1, differ + (not torch.equal(theirs.sort().values, own.sort().values))
        methods[1].close()
    assert rounded <= rows // 50 and differ <= rows // 50, (rows, rounded, differ)
    note("%d rows: both runtimes keep what the formula does; rounding decided in %d of %d, and %d rows differ between the runtimes" % (rows, rounded, 2 * rows, differ))


if __name__ == "__main__":
    main()
