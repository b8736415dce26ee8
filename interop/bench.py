"""Runs programs in the official runtime and in Sconce by turns, in processes of their own, and prints the ratios.

usage: bench.py FILE [--threads 1,2] [--rounds 5] [options]             the same file here and there
       bench.py --theirs A.pte --ours B.pte [...]                       two files, in both runtimes

The order is A B B A A B ...; a number is the median over the rounds, with the smallest and the largest. With several thread
counts each side's better one counts, for each number by itself. --prompt, --decode, --runs, --warmup, --method: as in
`sconce bench`. Needs the environment of interop/setup; run it with that Python (interop/python prints its path).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCONCE = os.environ.get("SCONCE", os.path.join(HERE, "..", "sconce"))
# Whether more is better.
NUMBERS = {"load_s": False, "prefill_tok_s": True, "first_prefill_tok_s": True, "decode_tok_s": True, "latency_ms": False,
           "first_latency_ms": False, "rss_load_mb": False, "rss_peak_mb": False}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s\nended with %d:\n%s" % (" ".join(command), done.returncode, done.stderr[-3000:]))
    return json.loads(done.stdout.strip().splitlines()[-1])


def official(file, options):
    return run([sys.executable, os.path.join(HERE, "official_bench.py"), file, *options])


def sconce(file, options):
    return run([SCONCE, "bench", file, "--json", *options])


def by_turns(sides, rounds):
    """Runs both sides `rounds` times each, A B B A ..., and returns their reports."""
    reports = {name: [] for name, _ in sides}
    for number in range(rounds):
        for name, work in sides if number % 2 == 0 else reversed(sides):
            reports[name].append(work())
    return reports


def summary(reports, name):
    values = sorted(report[name] for report in reports if report.get(name) is not None)
    return (statistics.median(values), values[0], values[-1]) if values else None


def compare(title, a, b, threads, rounds, options):
    """a and b: (name, function(options) -> report). Prints a line for each number: a, b, and how much better b is."""
    best = {}
    noise = 0
    for count in threads:
        given = [*options, "--threads", str(count)]
        sides = [(name, lambda work=work: work(given)) for name, work in (a, b)]
        for side, reports in by_turns(sides, rounds).items():
            for number, more in NUMBERS.items():
                found = summary(reports, number)
                if found is None:
                    continue
                old = best.get((side, number))
                if old is None or (found[0] > old[0][0]) == more and found[0] != old[0][0]:
                    best[side, number] = (found, count)
            for number in ("decode_tok_s", "latency_ms"):
                found = summary(reports, number)
                if found:
                    noise = max(noise, found[2] / found[1] - 1)
    print(title)
    print("%-22s %32s %32s   %s" % ("", a[0], b[0], "times better"))
    for number, more in NUMBERS.items():
        if (a[0], number) in best and (b[0], number) in best:
            cells = []
            for side in (a[0], b[0]):
                (median, low, high), count = best[side, number]
                cells.append("%g (%g..%g, %d thr.)" % (median, low, high, count))
            left, right = (best[side, number][0][0] for side in (a[0], b[0]))
            # A small file may add nothing to the resident size: then there is no ratio.
            good, bad = (right, left) if more else (left, right)
            ratio = "%.2f" % (good / bad) if good and bad else "-"
            print("%-22s %32s %32s   %s" % (number, *cells, ratio))
    if noise > 0.1:
        print("The repetitions differ by up to %.0f %%: this machine was not quiet, do not publish these numbers." % (100 * noise))
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--theirs")
    parser.add_argument("--ours")
    parser.add_argument("--threads", default=str(os.cpu_count()))
    parser.add_argument("--rounds", type=int, default=5)
    for name in ("method", "data", "prompt", "decode", "runs", "warmup"):
        parser.add_argument("--" + name)
    args = parser.parse_args()
    if (args.file is None) == (args.theirs is None) or (args.theirs is None) != (args.ours is None):
        parser.error("give one FILE, or --theirs and --ours")
    threads = [int(count) for count in args.threads.split(",")]
    options = []
    for name in ("method", "data", "prompt", "decode", "runs", "warmup"):
        if getattr(args, name) is not None:
            options += ["--" + name, getattr(args, name)]
    if args.file:
        compare(args.file, ("official", lambda given: official(args.file, given)),
                ("sconce", lambda given: sconce(args.file, given)), threads, args.rounds, options)
        return
    for title, runtime in (("in the official runtime", official), ("in Sconce", sconce)):
        compare(title, ("theirs", lambda given: runtime(args.theirs, given)),
                ("ours", lambda given: runtime(args.ours, given)), threads, args.rounds, options)


if __name__ == "__main__":
    main()
