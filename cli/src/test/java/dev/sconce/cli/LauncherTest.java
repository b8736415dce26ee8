package dev.sconce.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a checkout of its own, with a JDK and a Maven that are scripts: what it
 * finds, when it builds, what it passes on. A version that no JDK has keeps the machine's own JDKs
 * out of the game.
 */
class LauncherTest {

  private static final String NOTICE = "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir private Path temp;
  private Path checkout;
  private Path jdk;
  private final Map<String, String> environment = new HashMap<>();

  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void prepare() throws IOException {
    assumeFalse(File.separatorChar == '\\', "the launcher is for Linux and macOS");
    checkout = Files.createDirectories(temp.resolve("a checkout"));
    String script = Files.readString(Path.of("..", "sconce"));
    assertThat(script).contains("needed=25\n");
    executable(checkout.resolve("sconce"), script.replace("needed=25\n", "needed=990\n"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.createDirectories(checkout.resolve(".mvn"));
    Files.writeString(
        Files.createDirectories(checkout.resolve("cli/src/main")).resolve("A.java"), "class A {}");
    Files.writeString(checkout.resolve("cli/pom.xml"), "<project/>");
    executable(
        checkout.resolve("mvnw"),
        """
        #!/bin/sh
        echo "maven output"
        echo x >> "%1$s/builds"
        mkdir -p "%1$s/cli/target/lib"
        cp "%1$s/cli/src/main/A.java" "%1$s/cli/target/sconce-cli-1.jar"
        echo lib > "%1$s/cli/target/lib/lib.jar"
        """
            .formatted(checkout));
    jdk = fakeJdk("jdk", "990.0.1");
    executable(jdk.resolve("bin/javac"), "");
  }

  private Path fakeJdk(String name, String version) throws IOException {
    Path home = temp.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        for arg; do
          case $arg in
            -XX:ArchiveClassesAtExit=*) touch "${arg#*=}"; exit 0 ;;
          esac
        done
        echo "first" >&2
        echo "%s" >&2
        echo "%s" >&2
        printf 'last' >&2
        for arg; do echo "[$arg]"; done
        cat
        exit 42
        """
            .formatted(NOTICE, NOTICE));
    return home;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Result sconce(Path javaHome, String... args) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", checkout.resolve("sconce").toString());
    builder.command().addAll(List.of(args));
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("HOME", temp.toString());
    builder.environment().remove("SCONCE_JAVA_OPTS");
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(Files.writeString(temp.resolve("in"), "from stdin\n").toFile())
            .start();
    // Both are a few lines, so neither pipe can fill up while the other is read.
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  private long builds() throws IOException {
    Path file = checkout.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8).size() : 0;
  }

  @Test
  void passesArgumentsStdinAndTheExitCode() throws Exception {
    Result result = sconce(jdk, "run", "two words", "", "*");
    assertThat(result.exitCode()).isEqualTo(42);
    assertThat(result.out())
        .contains("[--add-modules]\n[jdk.incubator.vector]\n")
        .endsWith("[dev.sconce.cli.Main]\n[run]\n[two words]\n[]\n[*]\nfrom stdin\n");
  }

  @Test
  void buildsOnceThenOnlyWhenSourcesChange() throws Exception {
    assertThat(sconce(jdk).err()).contains("building");
    assertThat(sconce(jdk).err()).doesNotContain("building");
    assertThat(builds()).isEqualTo(1);

    Files.writeString(checkout.resolve("cli/src/main/A.java"), "class A { int changed; }");
    assertThat(sconce(jdk).err()).contains("building").contains("changed");
    assertThat(builds()).isEqualTo(2);

    Files.writeString(checkout.resolve("cli/src/main/B.java"), "class B {}");
    assertThat(sconce(jdk).err()).contains("building");
    Files.delete(checkout.resolve("cli/src/main/B.java"));
    assertThat(sconce(jdk).err()).contains("building");
    assertThat(builds()).isEqualTo(4);

    Files.writeString(checkout.resolve("cli/src/test.txt"), "no source of the jars");
    assertThat(sconce(jdk).err()).doesNotContain("building");
  }

  @Test
  void archivesClassesWithEveryBuildAndUsesTheArchive() throws Exception {
    assertThat(sconce(jdk).out()).doesNotContain("SharedArchiveFile");
    Files.createDirectories(checkout.resolve("demo/storyteller"));
    Files.writeString(checkout.resolve("cli/src/main/A.java"), "class A { int changed; }");
    Result first = sconce(jdk);
    assertThat(first.exitCode()).isEqualTo(42);
    assertThat(first.out())
        .containsPattern("\\[-XX:SharedArchiveFile=.*/a checkout/target/sconce/.*/classes.jsa]\n")
        .endsWith("[dev.sconce.cli.Main]\nfrom stdin\n");
    assertThat(sconce(jdk).out()).isEqualTo(first.out());
  }

  @Test
  void asksForOneCollector() throws Exception {
    assertThat(sconce(jdk).out()).contains("[-XX:+UseSerialGC]\n");
    environment.put("SCONCE_JAVA_OPTS", "-Xmx1g -XX:+UseG1GC");
    assertThat(sconce(jdk).out())
        .contains("[-Xmx1g]\n[-XX:+UseG1GC]\n")
        .doesNotContain("UseSerialGC");
  }

  @Test
  void aFailedBuildShowsMavensErrorsAndIsTriedAgain() throws Exception {
    String good = Files.readString(checkout.resolve("mvnw"));
    executable(checkout.resolve("mvnw"), "#!/bin/sh\necho '[ERROR] no such symbol'\nexit 1\n");
    Result result = sconce(jdk);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("[ERROR] no such symbol").contains("build.log");
    assertThat(result.out()).isEmpty();

    executable(checkout.resolve("mvnw"), good);
    assertThat(sconce(jdk).exitCode()).isEqualTo(42);
  }

  @Test
  void dropsTheFirstNoticeAndNothingElse() throws Exception {
    sconce(jdk);
    Result result = sconce(jdk);
    assertThat(result.err()).isEqualTo("first\n" + NOTICE + "\nlast");
    assertThat(result.exitCode()).isEqualTo(42);
  }

  @Test
  void saysWhichJavasWereFoundAndWhyTheyDoNotDo() throws Exception {
    Path old = fakeJdk("old", "1.8.0_302");
    Result tooOld = sconce(old, "--version");
    assertThat(tooOld.exitCode()).isEqualTo(2);
    assertThat(tooOld.out()).isEmpty();
    assertThat(tooOld.err())
        .contains("JDK 990 or newer is needed")
        .contains(old + ": Java 8, named by JAVA_HOME")
        .contains("https://adoptium.net");

    Path jre = fakeJdk("jre", "990");
    assertThat(sconce(jre).err()).contains("without a compiler");
    assertThat(sconce(temp.resolve("gone")).err()).contains("gone: no such folder");
  }

  @Test
  void findsAJdkInTheUsualFolders() throws Exception {
    Path candidates = Files.createDirectories(temp.resolve(".sdkman/candidates/java"));
    Files.move(jdk, candidates.resolve("990-tem"));
    assertThat(sconce(temp.resolve("gone")).exitCode()).isEqualTo(42);
  }
}
