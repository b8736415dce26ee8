package dev.sconce.buildtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the tests know of the project: its rooms, who may use whom, where sources and classes are.
 */
final class House {

  /** The room upstairs may use these (and what they use): the table of docs/architecture.md. */
  static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("base", Set.of()),
          Map.entry("format", Set.of("base")),
          Map.entry("ops", Set.of("base")),
          Map.entry("kernels", Set.of("base")),
          Map.entry("runtime", Set.of("base", "format", "ops", "kernels")),
          Map.entry("text", Set.of("base")),
          Map.entry("generate", Set.of("base", "format", "ops", "kernels", "runtime", "text")),
          Map.entry("graph", Set.of("base", "format", "ops", "kernels")),
          Map.entry(
              "export",
              Set.of("base", "format", "ops", "kernels", "runtime", "text", "generate", "graph")),
          Map.entry(
              "cli",
              Set.of(
                  "base",
                  "format",
                  "ops",
                  "kernels",
                  "runtime",
                  "text",
                  "generate",
                  "graph",
                  "export")));

  /** Maven modules that are no rooms: nothing of them is published as a library. */
  private static final Set<String> NO_ROOMS =
      Set.of("bom", "build-tests", "benchmarks", "examples", "demo");

  private static final String PREFIX = "dev.sconce.";

  /** The folder of the checkout: Surefire runs tests in their module's folder. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private House() {}

  /** The rooms that the build has now. */
  static Set<String> rooms() {
    Set<String> rooms = new TreeSet<>();
    Pattern.compile("<module>([^<]+)</module>")
        .matcher(read(ROOT.resolve("pom.xml")))
        .results()
        .map((MatchResult match) -> match.group(1))
        .filter(module -> !NO_ROOMS.contains(module))
        .forEach(rooms::add);
    assertThat(rooms).as("rooms in pom.xml").contains("base", "cli");
    return rooms;
  }

  /** Where the classes of the rooms are: jars in a whole build, folders in a partial one. */
  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.startsWith(ROOT) && !path.startsWith(ROOT.resolve("build-tests")))
        .filter(Files::exists)
        .toList();
  }

  static JavaClasses classes() {
    JavaClasses classes =
        new ClassFileImporter().importLocations(classPath().stream().map(House::location).toList());
    assertThat(classes.stream().map(House::room).distinct())
        .as("rooms whose classes the tests see; a new room is added to build-tests/pom.xml")
        .containsAll(rooms());
    return classes;
  }

  private static Location location(Path path) {
    return Files.isDirectory(path)
        ? Location.of(path)
        : Location.of(URI.create("jar:" + path.toUri() + "!/"));
  }

  /** The room that a class belongs to, by its package. */
  static String room(JavaClass type) {
    return room(type.getPackageName());
  }

  static String room(String packageName) {
    assertThat(packageName + ".").startsWith(PREFIX);
    String rest = packageName.substring(PREFIX.length());
    return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
  }

  static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(PREFIX);
  }

  /** The module descriptors as compiled. */
  static List<ModuleDescriptor> modules() {
    List<ModuleDescriptor> modules =
        ModuleFinder.of(classPath().toArray(Path[]::new)).findAll().stream()
            .map(ModuleReference::descriptor)
            .sorted(Comparator.comparing(ModuleDescriptor::name))
            .toList();
    assertThat(modules.stream().map(module -> module.name().substring(PREFIX.length())))
        .containsExactlyElementsOf(rooms());
    return modules;
  }

  /** The packages that any user of the modules can see. */
  static Set<String> exportedPackages() {
    Set<String> packages = new TreeSet<>();
    for (ModuleDescriptor module : modules()) {
      module.exports().stream()
          .filter(export -> !export.isQualified())
          .forEach(export -> packages.add(export.source()));
    }
    return packages;
  }

  /** The Java sources of the rooms, tests left out. */
  static List<Path> sources() {
    return rooms().stream().flatMap(room -> sources(ROOT.resolve(room, "src/main/java"))).toList();
  }

  private static Stream<Path> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
