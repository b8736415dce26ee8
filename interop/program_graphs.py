"""Random programs for fuzz_operators.py --programs: scalar arithmetic, tensors, branches, loops, moves, views, several calls.

A program is drawn as nested blocks of statements and written as one chain of instructions: a branch is a forward jump, a loop a backward one.
All tensors that are computed with are [rows, 3] float32 or [rows] int64, rows differing between calls. Every value is written before it is read, in
every run, and every slot that another one was moved to is only read from then on, as the official exporter leaves it.
"""
import torch

from operator_calls import Draw
from program_builder import ProgramBuilder

BINARY_SCALARS = ["add", "sub", "mul", "floordiv", "truediv", "eq", "gt", "lt", "ge", "le", "mod", "sym_max", "sym_min"]
UNARY_SCALARS = ["neg", "sym_float", "sym_int", "ceil", "round", "trunc"]
COMPARISONS = ["eq", "gt", "lt", "ge", "le"]
WIDTH = 3


class Writer:
    def __init__(self, draw, rows):
        self.draw, self.rows = draw, rows
        self.builder = ProgramBuilder()
        self.ints, self.doubles, self.bools, self.tensors = [], [], [], []
        self.steps = 0

    def constant(self, value):
        return self.builder.argument("Scalar", value)

    def prim(self, name, arguments, kind, overload="Scalar"):
        """A scalar operator with a new slot for its result; kind is a value of the result's type."""
        out = self.constant(kind)
        self.builder.call("executorch_prim::" + name, overload, [("Scalar", a) for a in arguments], out)
        return out

    def tensor(self):
        return self.builder.result([self.rows, WIDTH], torch.float32)

    # -------------------------------------------------------------- statements

    def number(self):
        return self.draw.one(*self.ints, *self.doubles)

    def scalar_step(self):
        d = self.draw
        name = d.one(*BINARY_SCALARS, *UNARY_SCALARS, "sym_ite", "sym_not", "floordiv.int", "mod.int")
        if name in ("mod", "sym_max", "sym_min", "floordiv.int", "mod.int"):
            a, b = d.one(*self.ints), d.one(*self.ints)
            if "mod" in name or "div" in name:
                b = self.constant(d.one(3, -4, 1, 7))
            name, _, overload = name.partition(".")
            self.ints.append(self.prim(name, [a, b], 0, overload or "Scalar"))
        elif name in COMPARISONS:
            self.bools.append(self.prim(name, [self.number(), self.number()] if d.chance(0.8) else [d.one(*self.bools), d.one(*self.bools)], False))
        elif name in ("floordiv", "truediv"):
            a, b = self.number(), self.constant(d.one(2, -3, 0.5, -1.25))
            whole = name == "floordiv" and a in self.ints and isinstance(self.builder.values[b].val.__class__.__name__, str) and self.builder.values[b].val.__class__.__name__ == "Int"
            (self.ints if whole else self.doubles).append(self.prim(name, [a, b], 0 if whole else 0.0))
        elif name in ("add", "sub"):
            a, b = self.number(), self.number()
            whole = a in self.ints and b in self.ints
            (self.ints if whole else self.doubles).append(self.prim(name, [a, b], 0 if whole else 0.0))
        elif name == "mul":
            # one factor is small: loops must not overflow
            a, b = self.number(), self.constant(d.one(1, -1, 2, 0.5))
            whole = a in self.ints and self.builder.values[b].val.__class__.__name__ == "Int"
            (self.ints if whole else self.doubles).append(self.prim(name, [a, b], 0 if whole else 0.0))
        elif name == "neg":
            a = self.number()
            (self.ints if a in self.ints else self.doubles).append(self.prim(name, [a], 0))
        elif name == "sym_float":
            self.doubles.append(self.prim(name, [d.one(self.number(), d.one(*self.bools))], 0.0))
        elif name == "sym_int":
            self.ints.append(self.prim(name, [d.one(self.number(), d.one(*self.bools))], 0))
        elif name in ("ceil", "round", "trunc"):
            self.ints.append(self.prim(name, [d.one(*self.doubles)], 0))
        elif name == "sym_not":
            self.bools.append(self.prim(name, [d.one(*self.bools)], False))
        else:
            self.ints.append(self.prim(name, [d.one(*self.bools), d.one(*self.ints), d.one(*self.ints)], 0))

    def size_step(self):
        d = self.draw
        out = self.constant(0)
        if d.chance(0.5):
            self.builder.call("aten::sym_size", "int", [("Tensor", d.one(*self.tensors)), ("int", self.constant(d.integer(0, 1)))], out)
        else:
            self.builder.call("aten::sym_numel", "", [("Tensor", d.one(*self.tensors))], out)
        self.ints.append(out)

    def tensor_step(self):
        d = self.draw
        name = d.one("add", "sub", "mul", "maximum", "sigmoid", "neg", "scalar", "item", "view", "rows", "move")
        x, out = d.one(*self.tensors), self.tensor()
        if name in ("add", "sub"):
            self.builder.call("aten::" + name, "out", [("Tensor", x), ("Tensor", d.one(*self.tensors)), ("Scalar", 1), ("Tensor", out)], out)
        elif name in ("mul", "maximum"):
            self.builder.call("aten::" + name, "out", [("Tensor", x), ("Tensor", d.one(*self.tensors)), ("Tensor", out)], out)
        elif name in ("sigmoid", "neg"):
            self.builder.call("aten::" + name, "out", [("Tensor", x), ("Tensor", out)], out)
        elif name == "scalar":
            number = d.one(*self.ints, *self.doubles)
            self.builder.call("aten::mul", "Scalar_out", [("Tensor", x), ("Scalar", number), ("Tensor", out)], out)
        elif name == "item":
            slot = self.constant(0.0)
            self.builder.call("aten::_local_scalar_dense", "", [("Tensor", x)], slot)
            self.doubles.append(slot)
            return
        elif name == "view":
            middle = self.builder.result([self.rows * WIDTH], torch.float32)
            self.builder.call("executorch_prim::et_view", "default", [("Tensor", x), ("int[]", [-1])], middle)
            back = self.builder.result([WIDTH, self.rows], torch.float32)
            self.builder.call("executorch_prim::et_view", "default", [("Tensor", middle), ("int[]", [WIDTH, -1])], back)
            self.builder.call("executorch_prim::et_view", "default", [("Tensor", back), ("int[]", [-1, WIDTH])], out)
        elif name == "rows":
            self.map_rows(x, out)
        else:
            self.builder.move(x, out)
        self.tensors.append(out)

    def map_rows(self, x, out):
        """out[i] = -x[i], row by row: what the exporter makes of a map."""
        row, negative = self.builder.result([WIDTH], torch.float32), self.builder.result([WIDTH], torch.float32)
        count, index, done = self.constant(0), self.constant(0), self.constant(False)
        self.builder.call("aten::sym_size", "int", [("Tensor", x), ("int", self.constant(0))], count)
        self.builder.move(self.constant(0), index)
        start = len(self.builder.instructions)
        self.builder.call("aten::select_copy", "int_out", [("Tensor", x), ("int", self.constant(0)), ("int", index), ("Tensor", row)], row)
        self.builder.call("aten::neg", "out", [("Tensor", row), ("Tensor", negative)], negative)
        self.builder.call("executorch_prim::et_copy_index", "tensor", [("Tensor", out), ("Tensor", negative)], index)
        self.builder.call("executorch_prim::add", "Scalar", [("Scalar", index), ("Scalar", self.constant(1))], index)
        self.builder.call("executorch_prim::eq", "Scalar", [("Scalar", index), ("Scalar", count)], done)
        self.builder.jump_false(done, start)

    def saved(self):
        return [list(v) for v in (self.ints, self.doubles, self.bools, self.tensors)]

    def restore(self, values):
        self.ints, self.doubles, self.bools, self.tensors = (list(v) for v in values)

    def branch(self, depth):
        """if: both sides leave a number and a tensor in the same slots."""
        number, tensor = self.constant(0), self.tensor()
        before = self.saved()
        first = self.builder.jump_false(self.draw.one(*self.bools))
        self.block(depth - 1)
        self.builder.move(self.draw.one(*self.ints), number)
        self.copy(tensor)
        second = self.builder.jump_false(self.constant(False))
        first.destination_instruction = len(self.builder.instructions)
        self.restore(before)
        self.block(depth - 1)
        self.builder.move(self.draw.one(*self.ints), number)
        self.copy(tensor)
        second.destination_instruction = len(self.builder.instructions)
        self.restore(before)
        self.ints.append(number)
        self.tensors.append(tensor)

    def copy(self, target):
        source = self.draw.one(*self.tensors)
        self.builder.call("aten::clone", "out", [("Tensor", source), ("MemoryFormat", None), ("Tensor", target)], target)

    def loop(self, depth):
        """Counts to a bound and carries a tensor from round to round."""
        carried, counter, done = self.tensor(), self.constant(0), self.constant(False)
        self.copy(carried)
        self.builder.move(self.constant(0), counter)
        before = self.saved()
        start = len(self.builder.instructions)
        self.ints.append(counter)
        self.tensors.append(carried)
        self.block(depth - 1)
        source = self.draw.one(*self.tensors)
        self.builder.call("aten::clamp", "out", [("Tensor", source), ("Scalar", -3.0), ("Scalar", 3.0), ("Tensor", carried)], carried)
        self.builder.call("executorch_prim::add", "Scalar", [("Scalar", counter), ("Scalar", self.constant(1))], counter)
        self.builder.call("executorch_prim::ge", "Scalar", [("Scalar", counter), ("Scalar", self.constant(self.draw.integer(1, 4)))], done)
        self.builder.jump_false(done, start)
        self.restore(before)
        self.ints.append(counter)
        self.tensors.append(carried)

    def block(self, depth):
        for _ in range(self.draw.integer(1, 5)):
            x = self.draw.random.random()
            if depth and x < 0.15:
                self.branch(depth)
            elif depth and x < 0.27:
                self.loop(depth)
            elif x < 0.6:
                self.scalar_step()
            elif x < 0.7:
                self.size_step()
            else:
                self.tensor_step()


class RandomProgram:
    operator = "program"

    def __init__(self, seed):
        self.draw = Draw(seed)
        self.seed = seed
        self.tensors = []
        rows = self.draw.random.sample(range(1, 7), self.draw.integer(1, 4))
        count = self.draw.integer(1, 3)
        self.calls = [[self.draw.tensor([r, WIDTH], torch.float32, 1.0, 0) for _ in range(count)] for r in rows]

    def text(self):
        return "a random program, seed %d, rows %s" % (self.seed, [c[0].shape[0] for c in self.calls])

    def write(self, path):
        d = self.draw
        w = Writer(d, max(c[0].shape[0] for c in self.calls))
        w.tensors = [w.builder.input([w.rows, WIDTH], torch.float32) for _ in self.calls[0]]
        w.ints = [w.constant(v) for v in (0, 3, -7)]
        w.doubles = [w.constant(v) for v in (0.5, -2.75)]
        w.bools = [w.constant(v) for v in (True, False)]
        w.block(3)
        outputs = [d.one(*w.tensors)] + [d.one(*values) for values in (w.ints, w.doubles, w.bools, w.tensors, w.ints) if d.chance(0.7)]
        with open(path, "wb") as file:
            file.write(w.builder.serialize(outputs))
        return self.calls

    def tolerance(self, found):
        return 1e-5, 1e-6

    def agrees(self, found, tolerance):
        return None


def todo(seed, count):
    return [("program-%d" % (seed * 1_000_003 + k), lambda n=seed * 1_000_003 + k: RandomProgram(n)) for k in range(count)]
