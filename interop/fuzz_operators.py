"""Compares sconce's operators with the official runtime's on random calls.

usage: fuzz_operators.py [--seed N] [--calls N] [--only PART] [--keep FOLDER] [--xnnpack | --programs]

Every call becomes a program of one operator with random types, sizes, arguments and values (operator_calls.py, quantized_calls.py), or with --xnnpack
of one XNNPACK graph (xnnpack_graphs.py), or with --programs of many instructions (program_graphs.py). The official runtime runs it and its answer is kept as a case folder (run_case.py has the format);
`sconce verify` then judges all of them. A call that the official runtime refuses, or that ends it, is counted and left out. Each difference
is printed with the answer of eager PyTorch as a second opinion: "torch agrees" means that sconce is wrong. Ends with 1 in that case.

SCONCE names the command (default: ./sconce of this checkout).
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import torch
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from executorch.runtime import Runtime
from safetensors.torch import save_file

import operator_calls
import quantized_calls
from program_builder import ProgramBuilder

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOGUE = os.path.join(HERE, "../ops/src/main/resources/dev/sconce/ops/catalogue.txt")
# By the narrowest type that takes part: roundings of the result, and the order of sums.
TOLERANCES = {torch.float16: (2e-3, 2e-3), torch.bfloat16: (1.6e-2, 1e-2)}
SUMS = re.compile(r"sum|mean|var|prod|mm|linear|conv|norm|pool|softmax|cdist|pdist|upsample|grid|index_put|scatter_add|sdpa|embedding|fft")
ELEMENTWISE = re.compile(
    r"aten::(abs|neg|exp|sin|cos|sigmoid|tanh|relu|sqrt|floor|ceil|round|add|sub|mul|div|clamp|where|minimum|maximum|pow|leaky_relu|hardtanh|gelu|elu|masked_fill|fmod|remainder|logical_not|bitwise_not|eq|lt)\b")
SCALARS = {int: "int", float: "float", bool: "bool"}
# What the official kernels sum in 16 bits, and Sconce in more.
NARROW_SUMS = re.compile(r"mixed_|addmm|convolution|var|no_stats")
# The results that the official runtime leaves without meaning, by operator.
UNDEFINED_OUTPUTS = {"aten::_native_batch_norm_legit_no_training.out": (1, 2)}


def schemas():
    """Operator -> list of (name, type, is out, is mutable)."""
    found = {}
    with open(CATALOGUE, encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r"([\w:]+(?:\.\w+)?)\((.*)\) -> ", line)
            if not match:
                continue
            arguments = []
            for text in re.split(r", (?![^\[]*\])", match[2]):
                if text == "*" or not text:
                    continue
                kind, name = text.split("=")[0].rsplit(" ", 1)
                alias = re.search(r"\(\w+!\)", kind)
                arguments.append((name, re.sub(r"\(\w+!\)", "", kind).replace("SymInt", "int"), bool(alias)))
            found[match[1]] = arguments
    return found


def eager(operator, arguments):
    """What PyTorch answers: a list of tensors."""
    namespace, name = operator.split(".")[0].split("::")
    if namespace != "aten":
        return None
    result = torch.view_as_real(arguments["self"]).clone() if name == "view_as_real_copy" else getattr(torch.ops.aten, name)(**arguments)
    return list(result) if isinstance(result, (list, tuple)) else [result]


def wide(tensor):
    return torch.view_as_real(tensor.resolve_conj()).double() if tensor.is_complex() else tensor.double()


def smaller(draw, arguments):
    """The same call with one size made smaller in all tensors that have it, and other values; None where it does not exist."""
    tensors = [v for value in arguments.values() for v in (value if isinstance(value, list) else [value]) if isinstance(v, torch.Tensor)]
    sizes = sorted({s for t in tensors for s in t.shape if s > 1})
    if not sizes:
        return None
    old = draw.one(*sizes)
    new = draw.integer(0 if draw.chance(0.1) else 1, old - 1)

    def shrunk(tensor):
        part = tensor[tuple(slice(0, new) if s == old else slice(None) for s in tensor.shape)].clone(memory_format=torch.contiguous_format)
        part = part.flatten().roll(1).reshape(part.shape) if part.dim() else part
        return part if tensor.is_contiguous() else part.to(memory_format=torch.channels_last)

    return {k: shrunk(v) if isinstance(v, torch.Tensor) else [x if not isinstance(x, torch.Tensor) else shrunk(x) for x in v] if isinstance(v, list) else v for k, v in arguments.items()}


class Call:
    """A drawn call: arguments, expected kinds of results, what PyTorch says."""

    def __init__(self, operator, schema, generator, seed):
        self.operator, self.schema = operator, schema
        self.draw = operator_calls.Draw(seed)
        self.arguments = generator(self.draw)
        declared = self.arguments.pop("_outs", None)
        self.hide = self.arguments.pop("_hide", False)
        self.calls, self.answers = [self.arguments], []
        if declared is None:
            self.answers.append(self.eager(self.arguments))
            for _ in range(2 if self.draw.chance(0.25) else 0):
                self.add_call(smaller(self.draw, self.arguments))
        self.tensors = self.flat(self.arguments)
        self.results = declared or [(list(map(max, *(a[k].shape for a in self.answers))) if len(self.answers) > 1 else list(t.shape), t.dtype) for k, t in enumerate(self.answers[0])]

    def eager(self, arguments):
        return eager(self.operator, {k: v.clone() if isinstance(v, torch.Tensor) else v for k, v in arguments.items()})

    def add_call(self, arguments):
        """Adds a call with other sizes, if PyTorch takes it."""
        if arguments is None:
            return
        try:
            answer = self.eager(arguments)
        except (RuntimeError, IndexError, ValueError):
            return
        if [(t.dim(), t.dtype) for t in answer] == [(t.dim(), t.dtype) for t in self.answers[0]]:
            self.calls.append(arguments)
            self.answers.append(answer)

    @staticmethod
    def flat(arguments):
        return [v for value in arguments.values() for v in (value if isinstance(value, list) else [value]) if isinstance(v, torch.Tensor)]

    def text(self):
        def one(v):
            if isinstance(v, torch.Tensor):
                return "%s%s%s" % (str(v.dtype)[6:], list(v.shape), "" if v.is_contiguous() else "cl")
            return "[" + ", ".join(map(one, v)) + "]" if isinstance(v, list) else repr(v)

        return "; ".join("%s(%s)" % (self.operator, ", ".join("%s=%s" % (k, one(v)) for k, v in arguments.items())) for arguments in self.calls)

    def write(self, path):
        """Writes the program; returns the inputs of every call."""
        builder = ProgramBuilder()
        places = []

        def place(tensor):
            order = list(tensor.dim_order()) if tensor.dim() else []
            dynamic = len(self.calls) > 1 or self.draw.chance(0.6)
            capacity = [s + (self.draw.integer(0, 3) if dynamic and self.draw.chance(0.5) else 0) for s in tensor.shape]
            places.append(builder.input(capacity, tensor.dtype, order, dynamic))
            return places[-1]

        pairs, mutable, outs = [], [], []
        for name, kind, alias in self.schema:
            value = self.arguments.get(name)
            if name not in self.arguments and alias:
                continue
            if isinstance(value, torch.Tensor):
                value = place(value)
            elif kind.startswith("Tensor") and isinstance(value, list):
                value = [v if v is None else place(v) for v in value]
            if alias:
                mutable.append(value)
            pairs.append((kind, value))
        missing = [a for a in self.schema if a[2] and a[0] not in self.arguments]
        if missing:
            # Official kernels want the dim order of the operands in the result.
            order = next((list(t.dim_order()) for t in self.tensors if t.dim() == 4 and not t.is_contiguous()), None)
            for shape, dtype in self.results:
                capacity = [s + (self.draw.integer(0, 2) if self.draw.chance(0.3) else 0) for s in shape]
                outs.append(builder.result(capacity, dtype, order if len(shape) == 4 else None))
            if len(outs) == 1 and self.in_place(order) and self.draw.chance(0.15):
                outs = [places[0]]
            if missing[0][1].endswith("[]"):
                pairs.append(("Tensor[]", outs))
                result = builder.argument("Tensor[]", outs)
            else:
                pairs += [("Tensor", out) for out in outs]
                result = outs[0] if len(outs) == 1 else builder.argument("Tensor[]", outs)
        else:
            result = mutable[0]
        name, _, overload = self.operator.partition(".")
        builder.call(name, overload, pairs, result)
        with open(path, "wb") as file:
            file.write(builder.serialize((mutable if self.hide else outs + mutable)))
        return [self.flat(arguments) for arguments in self.calls]

    def in_place(self, order):
        """Whether the result may be written over the first operand: elementwise, of the same type and size in every call."""
        return (
            bool(ELEMENTWISE.match(self.operator)) and bool(self.answers) and order is None
            and all(len(answer) == 1 and self.flat(call) and self.flat(call)[0].shape == answer[0].shape and self.flat(call)[0].dtype == answer[0].dtype for call, answer in zip(self.calls, self.answers))
        )

    def tolerance(self, found):
        kinds = {t.dtype for t in list(self.tensors) + found[0]}
        for dtype, pair in reversed(TOLERANCES.items()):
            if dtype in kinds:
                return (0.05, 0.3) if NARROW_SUMS.search(self.operator) else pair
        return (1e-5, 1e-5) if SUMS.search(self.operator) else (2e-6, 2e-6)

    def agrees(self, found, tolerance):
        if not self.answers:
            return None
        skipped = UNDEFINED_OUTPUTS.get(self.operator, ())
        for answer, outputs in zip(self.answers, found):
            for k, (a, b) in enumerate(zip(answer, outputs)):
                if k not in skipped and (a.shape != b.shape or not torch.allclose(wide(a), wide(b), *tolerance, equal_nan=True)):
                    return False
        return True


def record(call, folder):
    """Runs the calls of a program in the official runtime and writes the case folder."""
    os.makedirs(folder)
    path = os.path.join(folder, "model.pte")
    inputs = call.write(path)
    program = Runtime.get().load_program(path)
    method = program.load_method("forward")
    found = [[t.clone() if isinstance(t, torch.Tensor) else t for t in method.execute(list(values))] for values in inputs]
    tolerance = call.tolerance(found)
    tensors, entries = {}, []
    for c, sides in enumerate(zip(inputs, found)):
        entry = {"method": "forward"}
        for side, values in zip(("input", "output"), sides):
            names = ["call%d.%s%d" % (c, side[:-3] if side == "output" else "in", i) for i in range(len(values))]
            entry[side + "s"] = [n if isinstance(v, torch.Tensor) else {SCALARS[type(v)]: v} for n, v in zip(names, values)]
            orders = [list(v.dim_order()) if isinstance(v, torch.Tensor) and v.dim() else None for v in values]
            if any(o is not None and o != sorted(o) for o in orders):
                entry[side + "_dim_orders"] = orders
            tensors.update({n: v.detach().clone(memory_format=torch.contiguous_format) for n, v in zip(names, values) if isinstance(v, torch.Tensor)})
        entries.append(entry)
    for c in range(len(inputs)):
        for k in UNDEFINED_OUTPUTS.get(call.operator, ()):
            tensors["call%d.out%d" % (c, k)].zero_()
    save_file(tensors, os.path.join(folder, "io.safetensors"))
    case = {"name": os.path.basename(folder), "about": call.text(), "calls": entries, "rtol": tolerance[0], "atol": tolerance[1], "torch": call.agrees(found, tolerance)}
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        json.dump(case, file)


def record_all(todo, folder, log):
    """Records every (name, make) in children that may die: one child does cases until it ends, the next goes on behind it."""
    done = refused = died = 0
    position = 0
    while position < len(todo):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            null = os.open(os.devnull, os.O_WRONLY)
            if not log:
                os.dup2(null, 1)
                os.dup2(null, 2)
            for name, make in todo[position:]:
                target = os.path.join(folder, name)
                try:
                    record(make(), target)
                    os.write(writer, b"+")
                except BaseException as e:
                    if log:
                        print(name, type(e).__name__, str(e)[:300], flush=True)
                    shutil.rmtree(target, ignore_errors=True)
                    os.write(writer, b"-")
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            answers = pipe.read()
        os.waitpid(pid, 0)
        done += answers.count(b"+")
        refused += answers.count(b"-")
        position += len(answers)
        if position < len(todo):
            died += 1
            shutil.rmtree(os.path.join(folder, todo[position][0]), ignore_errors=True)
            position += 1
    return done, refused, died


def operator_todo(seed, calls, only):
    known = schemas()
    todo = []
    for operator, generator in sorted({**operator_calls.table(), **quantized_calls.table()}.items()):
        if only and only not in operator:
            continue
        schema = known[operator.rstrip(".")]
        for k in range(calls):
            number = seed * 1_000_003 + k
            name = "%s-%d" % (re.sub(r"\W+", "_", operator), number)
            todo.append((name, lambda o=operator.rstrip("."), s=schema, g=generator, n=number: Call(o, s, g, n)))
    return todo


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=int, default=10, help="calls of every operator, or graphs of every kind")
    parser.add_argument("--only", default="", help="part of the operator's name")
    parser.add_argument("--keep", default="", help="keep the case folders here")
    parser.add_argument("--xnnpack", action="store_true", help="graphs that the official partitioner delegates")
    parser.add_argument("--programs", action="store_true", help="programs with branches, loops, moves and views")
    parser.add_argument("--log", action="store_true", help="show why calls are refused")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    if options.xnnpack:
        import xnnpack_graphs

        todo = xnnpack_graphs.todo(options.seed, options.calls, options.only)
    elif options.programs:
        import program_graphs

        todo = program_graphs.todo(options.seed, options.calls)
    else:
        todo = operator_todo(options.seed, options.calls, options.only)
    done, refused, died = record_all(todo, folder, options.log)
    names = [name for name, _ in todo if os.path.isdir(os.path.join(folder, name))]
    command = os.environ.get("SCONCE", os.path.join(HERE, "../sconce")).split()
    wrong = doubtful = 0
    for start in range(0, len(names), 500):
        run = subprocess.run(command + ["verify"] + [os.path.join(folder, n) for n in names[start:start + 500]], capture_output=True, text=True)
        judged = 0
        for line in run.stdout.splitlines():
            match = re.match(r"(PASS|FAIL) (\S+)\s*(.*)", line)
            if not match:
                continue
            judged += 1
            if match[1] == "PASS":
                continue
            with open(os.path.join(match[2], "case.json"), encoding="utf-8") as file:
                case = json.load(file)
            opinion = {True: "torch agrees", False: "torch differs", None: "no other opinion"}[case["torch"]]
            wrong += case["torch"] is not False
            doubtful += case["torch"] is False
            print("%s %s\n  %s\n  %s" % (opinion, case["name"], case["about"], match[3]))
        if judged != len(names[start:start + 500]):
            raise SystemExit("%d answers to %d cases\n%s" % (judged, len(names[start:start + 500]), run.stderr[-2000:]))
    print("%d calls, %d refused by the official runtime, %d ended it; %d wrong, %d where torch differs from the official runtime" % (done, refused, died, wrong, doubtful))
    if not options.keep:
        shutil.rmtree(folder)
    return 1 if wrong or not done else 0


if __name__ == "__main__":
    sys.exit(main())
