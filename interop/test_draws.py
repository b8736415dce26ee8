"""Draws from large vocabularies: the official runtime and Sconce's draw the same tokens from a seed.

Both have the same scores, from a table; what differs is how they compute exponentials and sums, whose rounding may fall between two draws. How often is
told, and more than one draw in a thousand is a failure. SCONCE_SEED is the seed.
"""
import os

import torch
from embedded import Generate, Ours, vector
from score_banks import ScoreBanks, distributions
from support import folder, note

SEED = int(os.environ.get("SCONCE_SEED", "3"))
ROWS, STEPS, BATCH = 7, 60, 2
SETTINGS = [{}, {"top_p": 0.9}, {"top_p": 0.5, "temperature": 1.7}, {"top_p": 0.9, "min_p": 0.001}]
# Which of several equal scores is kept is left open where few are sorted.
UNEQUAL = [{"top_k": 50, "top_p": 0.95}]
EQUALS = ("steps of 1/16", "bfloat16")


def main():
    banks, ours, generator = ScoreBanks(folder()), Ours(), torch.Generator().manual_seed(SEED)
    drawn = differ = 0
    for vocabulary in (49152, 30522):
        for name, bank in distributions(ROWS, vocabulary, generator).items():
            path = banks.program(bank, BATCH)
            method = ours.method(path, "generate")
            for settings in SETTINGS + ([] if name in EQUALS else UNEQUAL):
                seed = int(torch.randint(2**31, (1,), generator=generator))
                given = vector({"do_sample": 1, "temperature": 1, "top_k": 0, **settings})
                made = [
                    Generate(runtime).call([[1], [2]], [[1], [1]], 0, STEPS, settings=given, end=[], seed=seed)
                    for runtime in (path, method)
                ]
                for theirs, own, scores, own_scores in zip(made[0][0], made[1][0], made[0][2], made[1][2]):
                    same = next((i for i in range(STEPS) if theirs[i] != own[i]), STEPS)
                    drawn, differ = drawn + min(same + 1, STEPS), differ + (same < STEPS)
                    for i in range(same):
                        assert abs(scores[i] - own_scores[i]) < 1e-5 * max(1, abs(scores[i])), (name, settings, seed, scores[i], own_scores[i])
            method.close()
    assert differ <= drawn // 1000, (drawn, differ)
    note("%d draws, of which rounding decided %d" % (drawn, differ))


if __name__ == "__main__":
    main()
