"""Where the official runtime spends its time in a language model's `forward`: operators, delegates and the nodes inside them.

usage: official_profile.py FILE [--threads N] [--prompt N] [--decode N] [--warmup N]

Prefill is one call of N tokens, decoding as many calls of one token after it; the median of the calls counts, in ms. Delegates
run node by node where the runtime was built so; what of a delegate is in no node is on a line of its own. Tracing costs time
itself: compare shares, and speeds with bench.py.
"""
import argparse
import collections
import os
import statistics
import tempfile

# As official_bench.py does.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from executorch.devtools import Inspector
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*


def trace(file, calls, warmup):
    """Returns the events of one run of the calls, {(name, instruction, delegate's event): [ms, ...]}."""
    with tempfile.TemporaryDirectory() as work:
        module = portable_lib._load_for_executorch(file, enable_etdump=True)
        for _ in range(warmup):
            for ids, positions in calls[-1:]:
                module.run_method("forward", (ids, positions))
        for ids, positions in calls:
            module.run_method("forward", (ids, positions))
        path = os.path.join(work, "trace.etdp")
        module.write_etdump_result_to_file(path)
        found = collections.defaultdict(list)
        for block in Inspector(etdump_path=path).event_blocks:
            for event in block.events:
                if event.perf_data and block.name == "Execute":
                    key = (event.name, event._instruction_id, event.delegate_debug_identifier)
                    found[key].extend(event.perf_data.raw)
        return found


def show(title, events):
    print(title)
    rows = collections.defaultdict(lambda: [0, 0.0])
    for (name, _, inside), times in sorted(events.items(), key=str):
        row = rows[("  in a delegate: %s" % inside) if inside is not None else name]
        row[0] += 1
        row[1] += statistics.median(times)
    for name, (count, time) in sorted(rows.items(), key=lambda item: -item[1][1]):
        print("%9.3f ms  %4d  %s" % (time, count, name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--prompt", type=int, default=256)
    parser.add_argument("--decode", type=int, default=64)
    parser.add_argument("--warmup", type=int, default=20)
    args = parser.parse_args()
    portable_lib._unsafe_reset_threadpool(args.threads)
    ids = torch.tensor([[(7 * i % 400 + 3) for i in range(args.prompt)]])
    prefill = [(ids, torch.arange(args.prompt))] * 5
    decode = [(torch.tensor([[5]]), torch.tensor([args.prompt + i])) for i in range(args.decode)]
    show("prefill of %d tokens" % args.prompt, trace(args.file, prefill, 2))
    # What the caches hold makes no difference.
    show("decoding one token after %d" % args.prompt, trace(args.file, decode, args.warmup))


if __name__ == "__main__":
    main()
