package dev.sconce.generate.selftest;

import dev.sconce.base.InvalidInputException;
import dev.sconce.base.memory.MappedFile;
import dev.sconce.format.Blob;
import dev.sconce.format.Ints;
import dev.sconce.format.bpte.BundledProgram;
import dev.sconce.format.bpte.BundledProgramFile;
import dev.sconce.format.bpte.BundledValue;
import dev.sconce.runtime.EValue;
import dev.sconce.runtime.Program;
import dev.sconce.runtime.PteModule;
import dev.sconce.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts a program and the calls of its self-tests into a bundled program, which the official runtime
 * verifies without any code of this library.
 *
 * <p>Inputs and all outputs are in the bundle in full. A call that depends on what an earlier one
 * left in the program's buffers is left out: a bundle's cases are independent. Integers are
 * compared exactly; the tolerance that floats need is not part of the format, it is {@link
 * SelfTests#tolerance()}.
 */
public final class SelfTestBundle {

  /** The schema's version, as ExecuTorch 1.5 writes it. */
  private static final long VERSION = 2;

  private SelfTestBundle() {}

  /**
   * Writes a bundled program; the file appears when it is complete.
   *
   * @return how many calls are in it
   * @throws IOException if a file cannot be read or written
   * @throws dev.sconce.base.MalformedFileException if the program or its tests are not well-formed
   * @throws InvalidInputException if it carries no tests, or one does not pass on this machine
   */
  public static int write(Path program, Path target) throws IOException {
    for (SelfTestResult result : SelfTestRunner.run(program)) {
      if (!result.passed()) {
        throw new InvalidInputException(
            program.toString(), result.name(), "a test that passes", result.detail());
      }
    }
    Map<String, List<BundledProgram.Case>> cases = new LinkedHashMap<>();
    try (Program loaded = Program.load(program)) {
      for (SelfTest test : tests(loaded)) {
        if (test instanceof SelfTest.Calls calls) {
          add(loaded, calls, cases);
        }
      }
    }
    List<BundledProgram.Suite> suites = new ArrayList<>();
    cases.forEach((method, list) -> suites.add(new BundledProgram.Suite(method, list)));
    try (MappedFile bytes = MappedFile.open(program)) {
      BundledProgramFile.write(
          target, new BundledProgram(VERSION, suites, Blob.of(bytes.reader().memory())));
    }
    return suites.stream().mapToInt(suite -> suite.cases().size()).sum();
  }

  private static List<SelfTest> tests(Program program) {
    try (PteModule module = PteModule.of(program)) {
      return SelfTests.of(module).map(SelfTests::tests).orElse(List.of());
    }
  }

  private static void add(
      Program program, SelfTest.Calls test, Map<String, List<BundledProgram.Case>> cases) {
    Set<String> called = new HashSet<>();
    try (PteModule module = PteModule.of(program)) {
      CallRunner runner = new CallRunner(module);
      for (Call call : test.calls()) {
        List<EValue> inputs = runner.resolve(call.method(), call.inputs());
        EValue[] outputs = runner.run(call.method(), call.inputs());
        if (called.add(call.method())) {
          cases
              .computeIfAbsent(call.method(), _ -> new ArrayList<>())
              .add(new BundledProgram.Case(values(inputs), values(Arrays.asList(outputs))));
        }
      }
    }
  }

  private static List<BundledValue> values(List<EValue> values) {
    return values.stream().map(value -> tensor(value.toTensor())).toList();
  }

  private static BundledValue tensor(Tensor tensor) {
    int[] sizes = Arrays.stream(tensor.shape()).mapToInt(Math::toIntExact).toArray();
    return new BundledValue.TensorValue(
        tensor.dtype(), Ints.of(sizes), Ints.of(tensor.dimOrder()), Blob.of(tensor.memory()));
  }
}
