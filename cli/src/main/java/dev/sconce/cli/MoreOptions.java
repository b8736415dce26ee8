package dev.sconce.cli;

import picocli.CommandLine.Model.CommandSpec;

/** A command some of whose options are made of a table and not of annotated fields. */
interface MoreOptions {

  /** Adds the options. */
  void addTo(CommandSpec command);
}
