"""What the checks share. A check imports this, does its work at module level, and ends normally if all is well."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
# `interop/run` sets it; a check that is run by hand takes this checkout's.
SCONCE = os.environ.get("SCONCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sconce"))


def skip(reason):
    """Ends the check as skipped."""
    print(reason)
    sys.exit(SKIPPED)


def note(text):
    """Prints a line that the suite shows below the check's PASS."""
    print("note: " + text)


def sconce(*args, expect=0):
    """Runs the sconce command and returns its standard output; fails if its exit code is not the expected one."""
    done = subprocess.run([SCONCE, *map(str, args)], capture_output=True, text=True)
    if done.returncode != expect:
        raise AssertionError(
            "sconce %s: exit code %d, expected %d\n%s" % (" ".join(map(str, args)), done.returncode, expect, done.stderr)
        )
    return done.stdout


def sconce_json(*args):
    """Runs the sconce command with --json and returns what it printed."""
    return json.loads(sconce(*args, "--json"))


def folder():
    """Returns a new empty folder, which the suite removes."""
    return tempfile.mkdtemp()


def java():
    """A Java of version 25 or newer: JAVA_HOME's, or one of the folders that ./sconce looks into."""
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*") + glob.glob("/Library/Java/JavaVirtualMachines/*/Contents/Home"))
    candidates = [os.path.join(home, "bin", "java") for home in homes if home] + [shutil.which("java") or ""]
    for candidate in filter(os.path.isfile, candidates):
        told = subprocess.run([candidate, "-XshowSettings:properties", "-version"], capture_output=True, text=True).stderr
        found = re.search(r"java\.specification\.version = (\d+)", told)
        if found and int(found.group(1)) >= 25:
            return candidate
    raise AssertionError("no JDK 25 found: set JAVA_HOME")


class Lines:
    """`sconce generate FILE --json-lines`: a request in, an answer out."""

    def __init__(self, file):
        self.process = subprocess.Popen([SCONCE, "generate", file, "--json-lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "sconce ended; it was asked " + json.dumps(request)
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


class Server:
    """A Java source file of this folder, run on the classes of the build: a line of JSON in, a line of JSON out."""

    def __init__(self, source, *rooms):
        here = os.path.dirname(os.path.abspath(__file__))
        roots = [os.path.join(here, "..", room, "target", "classes") for room in rooms]
        assert all(os.path.isdir(root) for root in roots), "not built: " + str(roots)
        command = [java(), "--add-modules", "jdk.incubator.vector", "--class-path", os.pathsep.join(roots), os.path.join(here, source)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the server ended; it was asked " + str(request)
        return json.loads(line)
