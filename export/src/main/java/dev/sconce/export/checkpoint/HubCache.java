package dev.sconce.export.checkpoint;

import dev.sconce.base.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The folder in which Hugging Face's tools keep what they downloaded. Nothing is downloaded here.
 *
 * <pre>
 * models--org--name/
 *   refs/main                 the commit of a branch or tag
 *   snapshots/COMMIT/         the files, links into blobs/
 * </pre>
 */
public final class HubCache {

  /** The branch that is taken if none is named. */
  public static final String MAIN = "main";

  private static final Pattern MODEL = Pattern.compile("[\\w][\\w.-]*(/[\\w][\\w.-]*)?");
  private static final Pattern REVISION = Pattern.compile("[\\w][\\w.-]*(/[\\w][\\w.-]*)*");
  private static final int MAX_REFERENCE = 256;

  private final Path folder;

  /** Uses a given folder. */
  public HubCache(Path folder) {
    this.folder = folder;
  }

  /**
   * Finds the folder as Hugging Face's tools do: {@code HF_HUB_CACHE}, else {@code HF_HOME/hub},
   * else {@code XDG_CACHE_HOME/huggingface/hub}, else {@code ~/.cache/huggingface/hub}.
   */
  public static HubCache of(Map<String, String> environment, Path home) {
    for (String variable : new String[] {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
      String folder = environment.getOrDefault(variable, "");
      if (!folder.isEmpty()) {
        return new HubCache(expand(folder, home));
      }
    }
    String hfHome = environment.getOrDefault("HF_HOME", "");
    if (!hfHome.isEmpty()) {
      return new HubCache(expand(hfHome, home).resolve("hub"));
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path cache = caches.isEmpty() ? home.resolve(".cache") : expand(caches, home);
    return new HubCache(cache.resolve("huggingface").resolve("hub"));
  }

  private static Path expand(String path, Path home) {
    return path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path);
  }

  /** Returns whether a text has the form of a model id: {@code name} or {@code org/name}. */
  public static boolean isModelId(String text) {
    return MODEL.matcher(text).matches() && !text.contains("..") && !text.contains("--");
  }

  /**
   * Returns the folder of a model's files.
   *
   * @param model the id
   * @param revision a branch, a tag or a full commit
   * @throws ExportException if the cache does not hold it
   * @throws IOException if the cache cannot be read
   */
  public Path find(String model, String revision) throws IOException {
    if (!isModelId(model)) {
      throw new ExportException(
          "model '" + model + "'", "expected a folder that exists, or an id as org/name");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new ExportException(
          "revision '" + revision + "'", "expected a branch, a tag or a commit");
    }
    Path repository = folder.resolve("models--" + model.replace("/", "--"));
    if (!Files.isDirectory(repository)) {
      throw new ExportException(
          "model '" + model + "'",
          "no such folder, and the cache %s does not hold it (nothing is downloaded)"
              .formatted(folder));
    }
    Path snapshot = repository.resolve("snapshots").resolve(commit(repository, revision));
    if (!Files.isDirectory(snapshot)) {
      throw new ExportException(
          "model '" + model + "'",
          "the cache %s does not hold revision %s".formatted(folder, revision));
    }
    return snapshot;
  }

  private static String commit(Path repository, String revision) throws IOException {
    Path reference = repository.resolve("refs").resolve(revision);
    if (!Files.isRegularFile(reference)) {
      return revision;
    }
    String commit =
        Files.size(reference) > MAX_REFERENCE ? "" : Files.readString(reference).strip();
    if (!commit.matches("[0-9a-zA-Z]+")) {
      throw new ExportException(reference.toString(), "expected a commit");
    }
    return commit;
  }
}
