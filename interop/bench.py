"""Runs programs in the official runtime and in Sconce by turns, in processes of their own, and prints the ratios.

usage: bench.py FILE [--threads 1,2] [--rounds 5] [options]             the same file here and there
       bench.py --theirs A.pte --ours B.pte [...]                       two files, in both runtimes, or --in official, --in sconce

The order is A B B A A B ...; a number is the median over the rounds, with the smallest and the largest. With several thread
counts each side's better one counts, for each number by itself. --prompt, --decode, --runs, --warmup, --method: as in
`sconce bench`. A round of a language model takes about half a minute for each number of threads; with --log the single reports
go to a file and those already there, of the same files and options, count as well, so that a long comparison can be cut into
pieces. Needs the environment of interop/setup; run it with that Python (interop/python prints its path).
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
# What must repeat, or the machine was not quiet.
STEADY = ("prefill_tok_s", "decode_tok_s", "latency_ms")
LIMIT_SECONDS = 300
OPTIONS = ("method", "data", "prompt", "decode", "runs", "warmup")


def run(command):
    """Returns the report of one process. Whatever it prints elsewhere is shown only when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        sys.exit("%s\ndid not end within %d seconds" % (" ".join(command), LIMIT_SECONDS))
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        sys.exit("%s\nended with %d:\n%s" % (" ".join(command), done.returncode, (done.stderr or done.stdout)[-3000:]))
    return json.loads(lines[-1])


def official(file, options):
    return run([sys.executable, os.path.join(HERE, "official_bench.py"), file, *options])


def sconce(file, options):
    return run([SCONCE, "bench", file, "--json", *options])


class Log:
    """The reports so far: a list of dicts with what was run (`title`, `side`, `options`) and its `report`."""

    def __init__(self, path):
        self.path = path
        self.entries = []
        if path and os.path.exists(path):
            with open(path) as lines:
                self.entries = [json.loads(line) for line in lines if line.strip()]

    def add(self, **entry):
        self.entries.append(entry)
        if self.path:
            with open(self.path, "a") as out:
                out.write(json.dumps(entry) + "\n")

    def reports(self, **wanted):
        return [entry["report"] for entry in self.entries if all(entry[key] == value for key, value in wanted.items())]


def measure(log, title, sides, threads, rounds, options):
    """Runs both sides `rounds` times each, A B B A ..., for each number of threads."""
    for count in threads:
        for number in range(rounds):
            for name, work in sides if number % 2 == 0 else reversed(sides):
                report = work([*options, "--threads", str(count)])
                log.add(title=title, side=name, options=options, report=report)
                shown = ["%s %g" % (key, report[key]) for key in NUMBERS if report.get(key) is not None]
                print("  %-9s %d thr.  %s" % (name, count, "  ".join(shown)), file=sys.stderr, flush=True)


def best(reports, number, more):
    """Returns (median, smallest, largest, threads, rounds) of the thread count with the better median."""
    found = []
    for count in sorted({report["threads"] for report in reports}):
        values = [r[number] for r in reports if r["threads"] == count and r.get(number) is not None]
        if values:
            found.append((statistics.median(values), min(values), max(values), count, len(values)))
    return (max if more else min)(found, key=lambda row: row[0]) if found else None


def show(log, title, names, options):
    """Prints a line for each number: a, b, and how much better b is."""
    a, b = (log.reports(title=title, side=name, options=options) for name in names)
    noise = 0
    print(title)
    print("%-22s %34s %34s   %s" % ("", *names, "times better"))
    for number, more in NUMBERS.items():
        left, right = best(a, number, more), best(b, number, more)
        if left is None or right is None:
            continue
        cells = ["%g (%g..%g, %d thr., %d x)" % side for side in (left, right)]
        # A small file may add nothing to the resident size: then there is no ratio.
        good, bad = (right[0], left[0]) if more else (left[0], right[0])
        print("%-22s %34s %34s   %s" % (number, *cells, "%.2f" % (good / bad) if good and bad else "-"))
        if number in STEADY:
            noise = max(noise, *(side[2] / side[1] - 1 for side in (left, right)))
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
    parser.add_argument("--log")
    parser.add_argument("--in", dest="where", choices=["official", "sconce"])
    for name in OPTIONS:
        parser.add_argument("--" + name)
    args = parser.parse_args()
    if (args.file is None) == (args.theirs is None) or (args.theirs is None) != (args.ours is None):
        parser.error("give one FILE, or --theirs and --ours")
    if args.file and args.where:
        parser.error("--in is for --theirs and --ours")
    for path in filter(None, (args.file, args.theirs, args.ours)):
        if not os.path.isfile(path):
            parser.error("no such file: " + path)
    threads = [int(count) for count in args.threads.split(",")]
    options = []
    for name in OPTIONS:
        if getattr(args, name) is not None:
            options += ["--" + name, getattr(args, name)]
    # Builds Sconce if need be, so that no measured process does.
    subprocess.run([SCONCE, "info"], stdout=sys.stderr, check=True)
    log = Log(args.log)
    if args.file:
        comparisons = [(os.path.basename(args.file),
                        [("official", lambda given: official(args.file, given)), ("sconce", lambda given: sconce(args.file, given))])]
    else:
        runtimes = {"official": ("in the official runtime", official), "sconce": ("in Sconce", sconce)}
        comparisons = [("%s and %s %s" % (os.path.basename(args.theirs), os.path.basename(args.ours), where),
                        [("theirs", lambda given, runtime=runtime: runtime(args.theirs, given)),
                         ("ours", lambda given, runtime=runtime: runtime(args.ours, given))])
                       for where, runtime in (runtimes[name] for name in ([args.where] if args.where else runtimes))]
    for title, sides in comparisons:
        measure(log, title, sides, threads, args.rounds, options)
        show(log, title, [name for name, _ in sides], options)


if __name__ == "__main__":
    main()
