"""Exported float programs reproduce the golden outputs of transformers in the official runtime.

Every checkpoint of the covered families, with both recipes: all prompts in several chunkings and beyond sliding windows,
greedy continuations, padded batches, images. SCONCE_FIXTURES adds the checkpoints of that folder to the committed ones.
"""
import os
import sys

from goldens import Checkpoint, Program, check, checkpoints
from support import folder, note, sconce

bad, worst, cases, count = [], 0.0, 0, 0
for where in checkpoints():
    checkpoint = Checkpoint(where)
    for recipe in ("portable", "xnnpack"):
        path = os.path.join(folder(), checkpoint.name + ".pte")
        sconce("export", where, "-o", path, "--recipe", recipe)
        errors = check(Program(path), checkpoint)
        assert errors, checkpoint.name + " has no case that was run"
        for case, error in errors.items():
            if not error <= checkpoint.tolerance:
                bad.append("%s, %s: %s: %g" % (checkpoint.name, recipe, case, error))
        worst, cases, count = max([worst, *errors.values()]), cases + len(errors), count + 1
        print("%s %s: %d cases, %.1e" % (checkpoint.name, recipe, len(errors), max(errors.values())), flush=True)
if bad:
    sys.exit("\n".join(bad))
assert count > 0
note("%d programs, %d cases, largest relative error %.1e" % (count, cases, worst))
