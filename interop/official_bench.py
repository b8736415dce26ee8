"""Measures one program in the official runtime; the counterpart of `sconce bench --json`.

usage: official_bench.py FILE [--method M] [--data PTD] [--threads N] [--prompt N] [--decode N] [--runs N] [--warmup SECONDS]

Prints one line of JSON with the keys of `sconce bench`. What is measured is the same, in the same way: loading up to the
loaded method; the best of several prefills and the median decoding step, each after a warm-up; the first prefill of all;
the largest resident size, of which rss_load_mb is what loading added. Python and torch are part of rss_peak_mb here.
"""
import argparse
import json
import os
import resource
import sys
import time

# The llama operators call MKL from threads of their own; if it starts more, they get in each other's way: with two threads,
# decoding is five times slower then.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from executorch.runtime import Runtime

PREFILLS = 3


def peak_mib():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024) if sys.platform == "darwin" else peak // 1024


def dtype_of(info):
    # ScalarType codes, as the runtime's metadata has them.
    return {0: torch.uint8, 1: torch.int8, 2: torch.int16, 3: torch.int32, 4: torch.int64, 5: torch.float16,
            6: torch.float32, 7: torch.float64, 11: torch.bool, 15: torch.bfloat16}[info.dtype()]


def is_language_model(meta):
    if meta.num_inputs() != 2 or meta.num_outputs() != 1:
        return False
    ids, positions = meta.input_tensor_meta(0), meta.input_tensor_meta(1)
    return (dtype_of(ids), len(ids.sizes()), dtype_of(positions), len(positions.sizes())) == (torch.int64, 2, torch.int64, 1)


def warm_up(work, seconds):
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        work()


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class LanguageModel:
    def __init__(self, method, meta):
        self.method = method
        self.longest = meta.input_tensor_meta(0).sizes()[1]
        self.position_per_token = meta.input_tensor_meta(1).sizes()[0] > 1
        self.vocabulary = meta.output_tensor_meta(0).sizes()[-1]

    def feed(self, ids, position):
        for start in range(0, len(ids), self.longest):
            chunk = ids[start:start + self.longest]
            first = position + start
            positions = torch.arange(first, first + len(chunk)) if self.position_per_token else torch.tensor([first])
            logits = self.method.execute([torch.tensor([chunk]), positions])[0]
        return logits

    def decode(self, prompt, count):
        seconds, token = [], 5 % self.vocabulary
        for i in range(count):
            start = time.perf_counter()
            logits = self.feed([token], prompt + i)
            seconds.append(time.perf_counter() - start)
            token = int(logits.reshape(-1, logits.shape[-1])[-1].argmax())
        return sorted(seconds)[count // 2]


def measure_language_model(method, meta, args, report):
    model = LanguageModel(method, meta)
    ids = [(7 * i % 400 + 3) % model.vocabulary for i in range(args.prompt)]
    first = timed(lambda: model.feed(ids, 0))
    warm_up(lambda: model.feed(ids, 0), args.warmup)
    best = min([first] + [timed(lambda: model.feed(ids, 0)) for _ in range(PREFILLS)])
    warm_up(lambda: model.decode(args.prompt, args.decode), args.warmup)
    step = model.decode(args.prompt, args.decode)
    report.update(prefill_tok_s=round(args.prompt / best, 1), decode_tok_s=round(1 / step, 1),
                  first_prefill_tok_s=round(args.prompt / first, 1), prompt=args.prompt, decode=args.decode)


def measure_latency(method, meta, args, report):
    inputs = []
    for i in range(meta.num_inputs()):
        info = meta.input_tensor_meta(i)
        inputs.append(torch.zeros(info.sizes(), dtype=dtype_of(info)))
    first = timed(lambda: method.execute(inputs))
    warm_up(lambda: method.execute(inputs), args.warmup)
    runs = sorted(timed(lambda: method.execute(inputs)) for _ in range(args.runs))
    report.update(latency_ms=round(runs[len(runs) // 2] * 1e3, 3), latency_min_ms=round(runs[0] * 1e3, 3),
                  latency_max_ms=round(runs[-1] * 1e3, 3), first_latency_ms=round(first * 1e3, 3), runs=args.runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--method", default="forward")
    parser.add_argument("--data")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--prompt", type=int, default=256)
    parser.add_argument("--decode", type=int, default=64)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--warmup", type=float, default=3)
    args = parser.parse_args()
    # The pool of XNNPACK and of the llama operators; the portable kernels use one thread.
    portable_lib._unsafe_reset_threadpool(args.threads)
    before = peak_mib()
    start = time.perf_counter()
    program = Runtime.get().load_program(args.file, data_path=args.data)
    method = program.load_method(args.method)
    report = dict(threads=args.threads, load_s=round(time.perf_counter() - start, 3))
    loaded = peak_mib()
    meta = method.metadata
    (measure_language_model if is_language_model(meta) else measure_latency)(method, meta, args, report)
    report.update(rss_load_mb=loaded - before, rss_peak_mb=peak_mib(), warmup_s=args.warmup)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
