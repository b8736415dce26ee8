"""Bundles of self-tests in the official runtime: its BundledModule runs every case of every method and compares with what Sconce
returned at export, integers exactly and floats within the tolerance that the self-tests carry, nothing but its own code in between.
A damaged expectation must make it raise.
"""
import json
import os
import struct

from executorch.devtools.bundled_program.serialize import deserialize_from_flatbuffer_to_bundled_program
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401
from support import folder, note, sconce, sconce_json

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "demo")
MODELS = [
    ("storyteller", ()),
    ("storyteller", ("--qlinear", "8da4w", "--qembedding", "8w")),
    ("translator", ()),
    ("translator", ("--qlinear", "8da8w")),
]


def self_tests(program):
    module = portable_lib._load_for_executorch(program)
    blob = module.run_method("self_test_blob", ())[0]
    return json.loads(bytes(blob.numpy()).decode("utf-8"))


def verify(bundle_bytes, atol):
    bundle = portable_lib._load_bundled_program_from_buffer(bundle_bytes)
    done = 0
    for suite in deserialize_from_flatbuffer_to_bundled_program(bundle_bytes).method_test_suites:
        for index in range(len(suite.test_cases)):
            bundle.verify_result_with_bundled_expected_output(suite.method_name, index, 0.0, atol)
            done += 1
    return done


def passes(bundle_bytes, atol):
    try:
        verify(bundle_bytes, atol)
    except RuntimeError:
        return False
    return True


def damaged(bundle_bytes, tests):
    """The bundle with one integer of an expected transcript changed, or None if it has none."""
    for test in tests["tests"]:
        for call in test.get("calls", []):
            for expected in call["expected"]:
                data = expected.get("data", [])
                if len(data) >= 4:
                    pattern = struct.pack("<%dq" % len(data), *data)
                    at = bundle_bytes.rfind(pattern)
                    assert at >= 0, test["name"]
                    return bundle_bytes[:at] + struct.pack("<q", data[0] + 1) + bundle_bytes[at + 8:]
    return None


for name, flags in MODELS:
    work = folder()
    program, bundle = os.path.join(work, "model.pte"), os.path.join(work, "model.bpte")
    sconce("export", os.path.join(DEMO, name), "-o", program, *flags)
    verified = sconce_json("verify", program)
    assert verified["ok"], verified
    calls = sconce_json("bundle", program, "-o", bundle)["calls"]
    tests = self_tests(program)
    with open(bundle, "rb") as file:
        content = file.read()
    assert verify(content, tests["tolerance"]["absolute"]) == calls
    # How much of the tolerance is used up: the least of some fractions that still passes.
    least = next(f for f in (1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1) if passes(content, f * tests["tolerance"]["absolute"]))
    wrong = damaged(content, tests)
    if wrong is not None:
        try:
            verify(wrong, tests["tolerance"]["absolute"])
        except RuntimeError:
            pass
        else:
            raise AssertionError("a wrong token passed")
    methods = sorted({call["method"] for test in tests["tests"] for call in test.get("calls", [])})
    note("%s %s: %d cases of %s; floats within %g of the tolerance" % (name, " ".join(flags), calls, ", ".join(methods), least))
