package dev.sconce.generate.selftest;

/**
 * How a self-test went.
 *
 * @param name the test's name
 * @param passed whether it passed
 * @param detail what was compared if it passed; where and how much it differs if it failed
 */
public record SelfTestResult(String name, boolean passed, String detail) {

  static SelfTestResult pass(SelfTest test, String detail) {
    return new SelfTestResult(test.name(), true, detail);
  }

  static SelfTestResult fail(SelfTest test, String detail) {
    return new SelfTestResult(test.name(), false, detail);
  }
}
