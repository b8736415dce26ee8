package dev.sconce.buildtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project in {@code consumer/}, compiled and run as a user of the jars would: with nothing but
 * the jars, all warnings being errors.
 */
class ConsumerTest {

  private static final Path SOURCES = House.ROOT.resolve("consumer", "src");

  @TempDir private Path classes;
  private String jars;

  @BeforeEach
  void findJars() {
    List<Path> jars = House.classPath().stream().filter(path -> !path.endsWith("cli")).toList();
    assumeTrue(
        jars.stream().allMatch(Files::isRegularFile),
        "the jars are made after the tests of a partial build: run ./mvnw verify");
    this.jars =
        jars.stream()
            .filter(jar -> !jar.getFileName().toString().startsWith("sconce-cli"))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(this.jars).contains("sconce-base", "sconce-runtime");
  }

  @Test
  void worksOnTheClassPath() throws Exception {
    List<String> javac = javac();
    javac.addAll(List.of("-classpath", jars));
    javac.addAll(sources(false));
    assertThat(run(javac)).isEmpty();
    assertThat(run(List.of(tool("java"), "-cp", classes + File.pathSeparator + jars, main())))
        .isEqualTo("ok, class path\n");
  }

  @Test
  void worksOnTheModulePath() throws Exception {
    List<String> javac = javac();
    javac.addAll(List.of("--module-path", jars));
    javac.addAll(sources(true));
    assertThat(run(javac)).isEmpty();
    String path = classes + File.pathSeparator + jars;
    assertThat(run(List.of(tool("java"), "-p", path, "-m", "org.example.consumer/" + main())))
        .isEqualTo("ok, module path\n");
  }

  @Test
  void everyJarCarriesTheLicence() throws IOException {
    for (Path path : House.classPath()) {
      try (ZipFile jar = new ZipFile(path.toFile())) {
        assertThat(jar.stream().map(ZipEntry::getName))
            .as(path.toString())
            .contains("META-INF/LICENSE", "META-INF/NOTICE");
      }
    }
  }

  private static String main() {
    return "org.example.consumer.Main";
  }

  private List<String> javac() {
    return new ArrayList<>(
        List.of(
            tool("javac"), "--release", "25", "-Xlint:all", "-Werror", "-d", classes.toString()));
  }

  private static List<String> sources(boolean withModule) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".java"))
          .filter(file -> withModule || !file.endsWith("module-info.java"))
          .toList();
    }
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
    return output;
  }
}
