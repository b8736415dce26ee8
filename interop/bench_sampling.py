"""What drawing a token costs in the official runtime, for every kind of distribution: microseconds more than the most likely token, which is shown first.

Scores come from a table, so no model stands in the way; nor does one push the scores out of the caches, so a draw in a model costs more.
"""
import argparse
import time

import torch
from embedded import Generate, vector
from score_banks import ScoreBanks, distributions
from support import folder

SETTINGS = {
    "temperature": {},
    "top-p 0.9": {"top_p": 0.9},
    "top-p 0.95": {"top_p": 0.95},
    "top-p 0.5": {"top_p": 0.5},
    "top-k 50, top-p 0.9": {"top_k": 50, "top_p": 0.9},
    "top-p 0.9, min-p": {"top_p": 0.9, "min_p": 0.01},
}
STEPS = 200


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocabulary", type=int, default=49152)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rows", type=int, default=13, help="how many rows of scores there are of each distribution")
    args = parser.parse_args()
    banks, generator = ScoreBanks(folder()), torch.Generator().manual_seed(5)
    print("%-24s %8s" % ("", "greedy") + "".join("%22s" % name for name in SETTINGS))
    for name, bank in distributions(args.rows, args.vocabulary, generator).items():
        generate = Generate(banks.program(bank, args.batch))

        def cost(settings):
            best = float("inf")
            for seed in range(4):
                start = time.perf_counter()
                ids = [[1 + row] for row in range(args.batch)]
                generate.call(ids, [[1]] * args.batch, 0, STEPS, settings=vector(settings), end=[], seed=seed * 7919 + 12345678)
                best = min(best, time.perf_counter() - start)
            return 1e6 * best / STEPS

        greedy = cost({})
        costs = [cost({"do_sample": 1, "temperature": 1, "top_k": 0, **settings}) - greedy for settings in SETTINGS.values()]
        print("%-24s %8.0f" % (name, greedy) + "".join("%22.0f" % c for c in costs), flush=True)


if __name__ == "__main__":
    main()
