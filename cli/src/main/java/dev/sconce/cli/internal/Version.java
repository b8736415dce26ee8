package dev.sconce.cli.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
public final class Version implements IVersionProvider {

  private static final String RESOURCE = "/dev/sconce/cli/version.properties";

  /** Creates the provider of what {@code --version} shows. */
  public Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"sconce " + current()};
  }

  /** Returns the version of this build. */
  public static String current() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
