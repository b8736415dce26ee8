"""Runs case folders in the official runtime and compares the outputs with the recorded ones.

usage: run_case.py [-q] [-j N] [--programs FOLDER] FOLDER...

A case folder holds case.json, io.safetensors and a program; a folder without case.json is searched for such folders.
With --programs, each program is taken from the same place below that folder instead, if it has one there.
Every case runs in a process of its own, since the official runtime aborts on some programs. Ends with 0 if all passed.

case.json:
  program, data        file names; the program's default is model.pte
  calls                in order, on one loaded program: method, inputs, outputs, input_dim_orders, output_dim_orders
  rtol, atol           float outputs pass if |got - expected| <= atol + rtol |expected|; integers differ by atol at most if it is 1 or more
An input or output is the name of a tensor in io.safetensors, or {"int": 5}, {"float": 0.5}, {"bool": true}, {"string": "x"}, {"none": true}.
"""
import argparse
import json
import os
import sys
import traceback

import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from executorch.runtime import Runtime
from safetensors.torch import load_file


class Case:
    """A case folder, and the outputs that its program gives here."""

    def __init__(self, folder, program=None):
        self.folder = folder
        with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
            self.spec = json.load(file)
        tensors = os.path.join(folder, "io.safetensors")
        self.tensors = load_file(tensors) if os.path.exists(tensors) else {}
        self.program = program or os.path.join(folder, self.spec.get("program", "model.pte"))

    def value(self, entry, dim_order=None):
        if isinstance(entry, dict):
            ((kind, value),) = entry.items()
            return None if kind == "none" else value
        tensor = self.tensors[entry]
        if dim_order is None:
            return tensor
        # The same logical values, with the dimension dim_order[0] outermost in memory.
        inverse = [dim_order.index(dim) for dim in range(len(dim_order))]
        return tensor.permute(dim_order).contiguous().permute(inverse)

    def loaded(self):
        """A function (method, inputs) -> outputs; what a program keeps between calls lives as long as the function."""
        if self.program.endswith(".bpte"):
            with open(self.program, "rb") as file:
                bundle = portable_lib._load_bundled_program_from_buffer(file.read())
            module = portable_lib._load_for_executorch_from_bundled_program(bundle)
            # The module reads from the bundle, so the function has to hold both.
            return lambda method, inputs, bundle=bundle: list(module.run_method(method, tuple(inputs)))
        data = self.spec.get("data")
        program = Runtime.get().load_program(self.program, data_path=data and os.path.join(self.folder, data))
        return lambda method, inputs: list(program.load_method(method).execute(inputs))

    def check(self):
        """Yields (where, what is wrong or None) for every output."""
        execute = self.loaded()
        for number, call in enumerate(self.spec["calls"]):
            orders = call.get("input_dim_orders") or [None] * len(call["inputs"])
            found = execute(call["method"], [self.value(e, o) for e, o in zip(call["inputs"], orders)])
            orders = call.get("output_dim_orders") or [None] * len(call["outputs"])
            if len(found) != len(call["outputs"]):
                yield "call %d" % number, "%d outputs instead of %d" % (len(found), len(call["outputs"]))
                continue
            for index, (entry, order, output) in enumerate(zip(call["outputs"], orders, found)):
                problem = self.difference(self.value(entry), output)
                if problem is None and order is not None and list(output.dim_order()) != order:
                    problem = "dim order %s instead of %s" % (list(output.dim_order()), order)
                yield "call %d, output %d" % (number, index), problem

    def difference(self, expected, found):
        """What is wrong with an output, or None."""
        rtol, atol = self.spec["rtol"], self.spec["atol"]
        if type(expected) is not type(found):
            return "a %s instead of a %s" % (type(found).__name__, type(expected).__name__)
        if isinstance(expected, float):
            expected, found = (torch.tensor(value, dtype=torch.float64) for value in (expected, found))
        elif not isinstance(expected, torch.Tensor):
            return None if expected == found else "%r instead of %r" % (found, expected)
        if expected.dtype != found.dtype or expected.shape != found.shape:
            return "%s %s instead of %s %s" % (found.dtype, tuple(found.shape), expected.dtype, tuple(expected.shape))
        if expected.dtype.is_floating_point:
            close = torch.isclose(found.double(), expected.double(), rtol=rtol, atol=atol, equal_nan=True)
        elif atol >= 1:
            close = (found.long() - expected.long()).abs() <= atol
        else:
            close = found == expected
        wrong = int((~close).sum())
        return "%d of %d elements differ" % (wrong, close.numel()) if wrong else None


def find(folders):
    """Yields every case folder, and the folder under which it was found."""
    for top in folders:
        for folder, subfolders, files in os.walk(top):
            subfolders.sort()
            if "case.json" in files:
                yield folder, top


def program_of(folder, top, programs):
    """Returns the program to run instead of the folder's own, or None."""
    if programs is None:
        return None
    with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
        name = json.load(file).get("program", "model.pte")
    other = os.path.join(programs, os.path.relpath(folder, top), name)
    return other if os.path.exists(other) else None


def passes(folder, program, quiet):
    wrong = 0
    for where, problem in Case(folder, program).check():
        wrong += problem is not None
        if problem or not quiet:
            print("  %s: %s" % (where, problem or "ok"))
    if wrong or not quiet:
        print("%s %s" % ("FAIL" if wrong else "PASS", folder), flush=True)
    return wrong == 0


def run_all(folders, programs=None, jobs=1, quiet=True):
    """Runs all cases; returns (number run, {folder: why it failed})."""
    cases, running, failed = list(find(folders)), {}, {}

    def reap():
        pid, status = os.wait()
        folder = running.pop(pid)
        if os.WIFSIGNALED(status):
            failed[folder] = "the runtime ended with signal %d" % os.WTERMSIG(status)
        elif status:
            failed[folder] = "wrong, or refused"

    for folder, top in cases:
        if len(running) >= jobs:
            reap()
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            running[pid] = folder
            continue
        status = 1
        try:
            status = 0 if passes(folder, program_of(folder, top, programs), quiet) else 1
        except BaseException:
            print("FAIL %s" % folder)
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    while running:
        reap()
    return len(cases), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("-q", "--quiet", action="store_true", help="print what is wrong only")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--programs", metavar="FOLDER", help="where else to look for the programs")
    args = parser.parse_args()
    count, failed = run_all(args.folders, args.programs, args.jobs, args.quiet)
    print("%d of %d cases passed" % (count - len(failed), count))
    for folder, why in sorted(failed.items()):
        print("failed: %s (%s)" % (folder, why))
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
