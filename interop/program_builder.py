"""Writes programs of a single method, one operator call after the other, with the official schema classes and serializer.

    builder = ProgramBuilder()
    x = builder.input((3, 5), torch.float32)
    y = builder.result((3, 5), torch.float32)
    builder.call("aten::mul", "Scalar_out", [("Tensor", x), ("Scalar", 2.0), ("Tensor", y)], y)
    pte = builder.serialize([y])
"""
import torch
from executorch.exir import schema
from executorch.exir._serialize._program import PTEFile, serialize_pte_binary
from executorch.exir.tensor import scalar_type_enum

ALIGNMENT = 16


class Place(int):
    """The index of a value of the method."""


class ProgramBuilder:
    def __init__(self):
        self.values = []
        self.inputs = []
        self.operators = []
        self.instructions = []
        self.delegates = []
        self.delegate_data = []
        self.arena = 0

    def value(self, value):
        self.values.append(schema.EValue(value))
        return Place(len(self.values) - 1)

    def tensor(self, capacity, dtype, dim_order=None, dynamic=True):
        """A planned tensor whose sizes are upper bounds if it is dynamic."""
        elements = 1
        for size in capacity:
            elements *= size
        offset = self.arena
        self.arena += -(-max(1, elements * dtype.itemsize) // ALIGNMENT) * ALIGNMENT
        return self.value(
            schema.Tensor(
                scalar_type=scalar_type_enum(dtype),
                storage_offset=0,
                sizes=list(capacity),
                dim_order=list(dim_order) if dim_order is not None else list(range(len(capacity))),
                requires_grad=False,
                layout=0,
                data_buffer_idx=0,
                allocation_info=schema.AllocationDetails(memory_id=1, memory_offset_low=offset, memory_offset_high=0),
                shape_dynamism=schema.TensorShapeDynamism.DYNAMIC_BOUND if dynamic else schema.TensorShapeDynamism.STATIC,
            )
        )

    result = tensor

    def input(self, capacity, dtype, dim_order=None, dynamic=True):
        place = self.tensor(capacity, dtype, dim_order, dynamic)
        self.inputs.append(int(place))
        return place

    def argument(self, kind, value):
        """The place of an argument; kind is its type as schemas spell it."""
        if isinstance(value, Place):
            return value
        if value is None:
            return self.value(schema.Null())
        kind = kind.rstrip("?")
        if isinstance(value, (list, tuple)):
            return self.value(self.list_of(kind, value))
        if isinstance(value, torch.dtype):
            return self.value(schema.Int(scalar_type_enum(value)))
        if isinstance(value, bool):
            return self.value(schema.Bool(value))
        if kind == "float" or isinstance(value, float):
            return self.value(schema.Double(float(value)))
        if isinstance(value, str):
            return self.value(schema.String(value))
        return self.value(schema.Int(value))

    def list_of(self, kind, values):
        if kind.startswith("Tensor"):
            if "?" in kind:
                return schema.OptionalTensorList([-1 if v is None else int(v) for v in values])
            return schema.TensorList([int(v) for v in values])
        if kind.startswith("bool"):
            return schema.BoolList(list(values))
        if kind.startswith("float"):
            return schema.DoubleList([float(v) for v in values])
        return schema.IntList([int(self.argument("int", v)) for v in values])

    def call(self, name, overload, arguments, result):
        """Adds a call; arguments are (type, value) pairs, outs included; result is the place that the call returns."""
        places = [int(self.argument(kind, value)) for kind, value in arguments] + [int(result)]
        operator = schema.Operator(name, overload)
        if operator not in self.operators:
            self.operators.append(operator)
        self.instructions.append(schema.Instruction(schema.KernelCall(self.operators.index(operator), places)))

    def move(self, source, target):
        self.instructions.append(schema.Instruction(schema.MoveCall(int(source), int(target))))

    def free(self, place):
        self.instructions.append(schema.Instruction(schema.FreeCall(int(place))))

    def jump_false(self, condition, destination=0):
        """Adds a jump; its destination may be set later, on what is returned."""
        jump = schema.JumpFalseCall(cond_value_index=int(condition), destination_instruction=destination)
        self.instructions.append(schema.Instruction(jump))
        return jump

    def delegate(self, backend, blob, arguments):
        """Adds a call of a delegate with a compiled blob."""
        self.delegates.append(
            schema.BackendDelegate(
                id=backend,
                processed=schema.BackendDelegateDataReference(location=schema.DataLocation.INLINE, index=len(self.delegate_data)),
                compile_specs=[],
            )
        )
        self.delegate_data.append(schema.BackendDelegateInlineData(data=bytes(blob)))
        self.instructions.append(schema.Instruction(schema.DelegateCall(len(self.delegates) - 1, [int(a) for a in arguments])))

    def serialize(self, outputs):
        plan = schema.ExecutionPlan(
            name="forward",
            container_meta_type=schema.ContainerMetadata("", ""),
            values=self.values,
            inputs=self.inputs,
            outputs=[int(o) for o in outputs],
            chains=[schema.Chain([], [], self.instructions, None)],
            operators=self.operators,
            delegates=self.delegates,
            non_const_buffer_sizes=[0, self.arena],
        )
        program = schema.Program(
            version=0,
            execution_plan=[plan],
            constant_buffer=[schema.Buffer(b"")],
            backend_delegate_data=self.delegate_data,
            segments=[],
            constant_segment=schema.SubsegmentOffsets(0, []),
        )
        return bytes(serialize_pte_binary(PTEFile(program), extract_delegate_segments=bool(self.delegates)))
