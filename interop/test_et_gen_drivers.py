"""The C++ driver of the format page compiles against the headers of the official wheel. (test_et_gen.py runs the Python one.)"""
import os
import re
import shutil
import subprocess

import executorch
from support import folder, note, skip

HERE = os.path.dirname(os.path.abspath(__file__))
USE = """
bool use(Module& module) {
  std::vector<int64_t> made;
  return generate(module, {1, 2, 3}, 8, [&](int64_t token) { made.push_back(token); });
}
"""


def problems(code):
    """Returns what the compiler says against code, or None."""
    where, (top,) = os.path.join(folder(), "driver.cpp"), executorch.__path__
    with open(where, "w") as file:
        file.write(code + USE)
    include = os.path.join(top, "include")
    portable = os.path.join(include, "executorch/runtime/core/portable_type/c10")
    flags = ["-std=c++17", "-fsyntax-only", "-w", "-I" + include, "-I" + portable, "-DC10_USING_CUSTOM_GENERATED_MACROS"]
    done = subprocess.run([compiler, *flags, where], capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr


compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
if compiler is None:
    skip("no C++ compiler")
with open(os.path.join(HERE, "../docs/formats/et_gen.md")) as file:
    driver = re.search(r"```cpp\n(.*?)```", file.read(), re.S).group(1)
found = problems(driver)
assert found is None, found
for right, wrong in (("module.execute(", "module.run_all("), ("int64_t limit", "const char* limit"), ("make_tensor_ptr({1, n}, ids)", "make_tensor_ptr(ids, 1, n, 2)")):
    assert right in driver and problems(driver.replace(right, wrong)) is not None, "%s is accepted" % wrong
note("the C++ driver compiles with " + os.path.basename(compiler))
