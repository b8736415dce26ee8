package dev.sconce.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sconce.base.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubCacheTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path home;

  @BeforeEach
  void fill() throws IOException {
    Path repository = home.resolve(".cache/huggingface/hub/models--org--name");
    Files.createDirectories(repository.resolve("refs/pr"));
    Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
    Files.writeString(repository.resolve("refs/main"), COMMIT);
    Files.writeString(repository.resolve("refs/pr/1"), COMMIT + "\n");
    Files.writeString(repository.resolve("refs/old"), "fedcba");
    Files.writeString(repository.resolve("refs/bad"), "../../..");
  }

  @Test
  void findsBranchesPullRequestsAndCommits() throws IOException {
    HubCache cache = HubCache.of(Map.of(), home);
    for (String revision : new String[] {"main", "pr/1", COMMIT}) {
      assertThat(cache.find("org/name", revision))
          .isEqualTo(home.resolve(".cache/huggingface/hub/models--org--name/snapshots/" + COMMIT));
    }
  }

  @Test
  void variablesNameTheFolder() throws IOException {
    Path hub = home.resolve(".cache/huggingface/hub");
    for (Map<String, String> environment :
        java.util.List.of(
            Map.of("HF_HUB_CACHE", hub.toString(), "HF_HOME", "/nowhere"),
            Map.of("HF_HOME", "~/.cache/huggingface"),
            Map.of("XDG_CACHE_HOME", home.resolve(".cache").toString()))) {
      assertThat(HubCache.of(environment, home).find("org/name", "main")).isDirectory();
    }
    assertThatThrownBy(
            () -> HubCache.of(Map.of("HF_HOME", "/nowhere"), home).find("org/name", "main"))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("/nowhere");
  }

  @Test
  void saysWhatIsMissing() {
    HubCache cache = HubCache.of(Map.of(), home);
    assertThatThrownBy(() -> cache.find("org/other", "main")).hasMessageContaining("org/other");
    assertThatThrownBy(() -> cache.find("org/name", "old")).hasMessageContaining("old");
    assertThatThrownBy(() -> cache.find("org/name", "v2")).hasMessageContaining("v2");
  }

  @Test
  void leavesTheCacheByNoName() {
    HubCache cache = HubCache.of(Map.of(), home);
    for (String model : new String[] {"../x", "a/../b", "/etc", "", "a/b/c", "a--b"}) {
      assertThatThrownBy(() -> cache.find(model, "main")).isInstanceOf(ExportException.class);
    }
    for (String revision : new String[] {"../main", "", "a/../../b", "bad"}) {
      assertThatThrownBy(() -> cache.find("org/name", revision))
          .isInstanceOf(ExportException.class);
    }
  }
}
