package org.example.consumer;

import dev.sconce.base.DType;
import dev.sconce.base.HalfFloat;
import dev.sconce.base.MalformedFileException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;

/** Uses the public API a little; what it prints is checked by the tests of the build. */
public final class Main {

  private Main() {}

  /** Prints one line if all is well. */
  public static void main(String[] args) {
    JsonObject config = Json.parseObject("config.json", "{\"hidden_size\": 576, \"dtype\": \"float16\"}");
    long bytes = DType.FLOAT16.byteSize(config.integer("hidden_size").orElseThrow());
    if (bytes != 1152 || HalfFloat.toFloat(HalfFloat.fromFloat(0.5f)) != 0.5f) {
      throw new AssertionError("wrong sums");
    }
    try {
      Json.parse("config.json", "{");
      throw new AssertionError("a broken document was read");
    } catch (MalformedFileException e) {
      if (!e.path().equals("line 1:2")) {
        throw new AssertionError(e);
      }
    }
    System.out.println(Main.class.getModule().isNamed() ? "ok, module path" : "ok, class path");
  }
}
