package dev.sconce.buildtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What only the sources show: length, documentation, the bill of materials. */
class SourcesTest {

  private static final int MOST_LINES = 500;

  @Test
  void filesStayReadable() {
    assertThat(House.sources())
        .isNotEmpty()
        .filteredOn(file -> House.read(file).lines().count() > MOST_LINES)
        .as("files of more than %d lines", MOST_LINES)
        .isEmpty();
  }

  @Test
  void theBillOfMaterialsNamesEveryRoom() {
    String bom = House.read(House.ROOT.resolve("bom", "pom.xml"));
    assertThat(House.rooms())
        .allSatisfy(
            room -> assertThat(bom).contains("<artifactId>sconce-" + room + "</artifactId>"));
  }

  @Test
  void exportedTypesAndTheirMethodsAreDocumented() throws IOException {
    Set<String> undocumented = new TreeSet<>();
    Set<String> exported = House.exportedPackages();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = House.sources();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      int checked = 0;
      for (CompilationUnitTree unit : task.parse()) {
        if (unit.getPackage() != null
            && exported.contains(unit.getPackage().getPackageName().toString())) {
          new Undocumented(docs, undocumented).scan(unit, null);
          checked++;
        }
      }
      assertThat(checked).isGreaterThan(10);
    }
    assertThat(undocumented).isEmpty();
  }

  /** Collects public types and methods without a comment, inside of public types only. */
  private static final class Undocumented extends TreePathScanner<Void, Void> {

    private final DocTrees docs;
    private final Set<String> found;

    Undocumented(DocTrees docs, Set<String> found) {
      this.docs = docs;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      check(type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      boolean compact =
          method.getName().contentEquals("<init>")
              && ((ClassTree) getCurrentPath().getParentPath().getLeaf()).getKind()
                  == Tree.Kind.RECORD;
      if (isPublic(method.getModifiers()) && !overrides && !compact) {
        ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
        check(owner.getSimpleName() + "." + method.getName());
      }
      return null;
    }

    /** Members of interfaces are public without saying so. */
    private boolean isPublic(ModifiersTree modifiers) {
      TreePath parent = getCurrentPath().getParentPath();
      boolean inInterface =
          parent.getLeaf().getKind() == Tree.Kind.INTERFACE
              && !modifiers.getFlags().contains(Modifier.PRIVATE);
      return inInterface || modifiers.getFlags().contains(Modifier.PUBLIC);
    }

    private void check(String name) {
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment == null || comment.getFirstSentence().isEmpty()) {
        found.add(
            getCurrentPath().getCompilationUnit().getPackage().getPackageName() + ": " + name);
      }
    }
  }
}
