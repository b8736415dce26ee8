import dev.sconce.base.SconceException;
import dev.sconce.base.json.Json;
import dev.sconce.base.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The other side of {@code Server} in support.py: a line of input is an object, a line of output what it is answered with. */
final class Requests {

  private Requests() {}

  /** What answers a request. */
  @FunctionalInterface
  interface Answerer {
    JsonObject answer(JsonObject request) throws IOException;
  }

  /** Answers until there are no more; what fails ends it. */
  static void serve(Answerer answerer) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answerer.answer((JsonObject) Json.parse("request", line)));
    }
  }

  /** Answers what Sconce refuses with {@code error}, its message. */
  static Answerer withErrors(Answerer answerer) {
    return request -> {
      try {
        return answerer.answer(request);
      } catch (SconceException e) {
        return JsonObject.builder().put("error", String.valueOf(e.getMessage())).build();
      }
    };
  }
}
