package dev.sconce.export.internal.selftest;

import dev.sconce.generate.selftest.Call;
import java.util.List;

/**
 * Calls whose answers become a test.
 *
 * @param name the test's name
 * @param calls the calls, in order
 */
record Probe(String name, List<Request> calls) {

  Probe {
    calls = List.copyOf(calls);
  }

  /**
   * One call.
   *
   * @param method the method
   * @param inputs what is passed
   */
  record Request(String method, List<Call.Input> inputs) {

    Request {
      inputs = List.copyOf(inputs);
    }
  }
}
