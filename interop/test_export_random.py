"""Random models with random options give the answers of transformers in the official runtime: as many as half a minute takes.

fuzz_exports.py runs more of them, and repeats a case by the seed that is told here.
"""
import os
import random
import time

from fuzz_exports import run, run_quantized
from support import note

SECONDS = 30
seed = os.environ.get("SCONCE_SEED", str(random.SystemRandom().randrange(1_000_000)))
print("seed " + seed, flush=True)
start, number, worst = time.monotonic(), 0, 0.0
while number < 3 or time.monotonic() - start < SECONDS:
    dtype, error = run_quantized(seed, number) if number % 8 == 2 else run(seed, number)
    worst = max(worst, error) if dtype == "float32" else worst
    number += 1
note("seed %s: %d random exports, largest relative error of those in float32 %.1e" % (seed, number, worst))
