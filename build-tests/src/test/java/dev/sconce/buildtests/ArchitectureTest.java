package dev.sconce.buildtests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not know. */
class ArchitectureTest {

  private static final String CLI = "dev.sconce.cli..";

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes = House.classes();
  }

  @Test
  void roomsUseOnlyWhatLiesBelowThem() {
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : classes) {
      String room = House.room(type);
      assertThat(House.MAY_USE).as("the table of rooms").containsKey(room);
      type.getDirectDependenciesFromSelf().stream()
          .filter(dependency -> House.isOurs(dependency.getTargetClass()))
          .filter(dependency -> !House.room(dependency.getTargetClass()).equals(room))
          .filter(
              dependency ->
                  !House.MAY_USE.get(room).contains(House.room(dependency.getTargetClass())))
          .forEach(dependency -> violations.add(dependency.getDescription()));
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void packagesOfARoomDoNotGoInCircles() {
    slices().assignedFrom(new PackageWithItsInternals()).should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyKernelsTouchTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sconce.kernels..")
        .should()
        .dependOnClassesThat(resideInAPackage("jdk.incubator.vector.."))
        .check(classes);
  }

  @Test
  void coreModulesHaveNoRunTimeDependency() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CLI)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "dev.sconce..",
                    "java..",
                    "jdk.incubator.vector..",
                    "jdk.jfr..",
                    "org.jspecify..")
                .negate()
                .as("are neither Java's nor Sconce's"))
        .check(classes);
    for (ModuleDescriptor module : House.modules()) {
      module.requires().stream()
          .filter(
              required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
          .map(ModuleDescriptor.Requires::name)
          .filter(name -> !name.equals("info.picocli") || !module.name().equals("dev.sconce.cli"))
          .forEach(
              name -> assertThat(name).as(module.name()).matches("(java|jdk|dev\\.sconce)\\..*"));
    }
  }

  @Test
  void librariesDoNotTalkToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CLI)
        .should()
        .getField(System.class, "out")
        .orShould()
        .getField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace", PrintStream.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }

  @Test
  void nobodyReflects() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "java.lang.reflect..", "sun..", "jdk.internal..", "java.util.logging.."))
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .check(classes);
  }

  @Test
  void internalPackagesAreNotExported() {
    assertThat(House.exportedPackages()).isNotEmpty().noneMatch(name -> name.contains(".internal"));
  }

  @Test
  void exportedTypesSpeakOfExportedTypesOnly() {
    Set<String> exported = House.exportedPackages();
    Set<String> violations = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!exported.contains(type.getPackageName()) || !isVisible(type)) {
        continue;
      }
      type.getMethods().stream()
          .filter(method -> isVisible(method.getModifiers()))
          .forEach(
              method -> {
                method.getAllInvolvedRawTypes().stream()
                    .filter(used -> isHidden(used, exported))
                    .forEach(used -> violations.add(method.getFullName() + ": " + used.getName()));
              });
      type.getFields().stream()
          .filter(field -> isVisible(field.getModifiers()))
          .flatMap(field -> field.getAllInvolvedRawTypes().stream())
          .filter(used -> isHidden(used, exported))
          .forEach(used -> violations.add(type.getName() + ": " + used.getName()));
      type.getConstructors().stream()
          .filter(constructor -> isVisible(constructor.getModifiers()))
          .flatMap(constructor -> constructor.getAllInvolvedRawTypes().stream())
          .filter(used -> isHidden(used, exported))
          .forEach(used -> violations.add(type.getName() + ": " + used.getName()));
    }
    assertThat(violations).isEmpty();
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  private static boolean isHidden(JavaClass used, Set<String> exported) {
    JavaClass type = used.getBaseComponentType();
    return House.isOurs(type) && (!exported.contains(type.getPackageName()) || !isVisible(type));
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : classes) {
      boolean marked =
          type.getPackage().getAnnotations().stream()
              .anyMatch(
                  a -> a.getRawType().getName().equals("org.jspecify.annotations.NullMarked"));
      if (!marked && !type.getSimpleName().equals("module-info")) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  /** A package and the internal packages below it are two sides of one thing. */
  private static final class PackageWithItsInternals implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName().replaceAll("\\.internal\\b.*", ""));
    }

    @Override
    public String getDescription() {
      return "packages with their internal packages";
    }
  }
}
