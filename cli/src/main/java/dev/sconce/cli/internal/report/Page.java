package dev.sconce.cli.internal.report;

import java.util.List;

/**
 * Information about one thing: in JSON an object with the facts and sections as members.
 *
 * @param title the heading; only people see it
 * @param facts single pieces of information
 * @param sections tables and pages about its parts
 */
public record Page(String title, List<Fact> facts, List<Section> sections) {

  /** Copies the lists. */
  public Page {
    facts = List.copyOf(facts);
    sections = List.copyOf(sections);
  }
}
