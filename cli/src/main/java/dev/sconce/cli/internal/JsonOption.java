package dev.sconce.cli.internal;

import picocli.CommandLine.Option;

/** The option {@code --json} of commands that show something; mixed in with {@code @Mixin}. */
public final class JsonOption {

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean wanted;

  /** Returns whether the user asked for JSON. */
  public boolean wanted() {
    return wanted;
  }
}
