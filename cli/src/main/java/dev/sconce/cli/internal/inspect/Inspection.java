package dev.sconce.cli.internal.inspect;

import dev.sconce.base.MalformedFileException;
import dev.sconce.cli.internal.report.Page;
import java.util.Optional;

/**
 * The report of a file.
 *
 * @param page what was found
 * @param problem what could not be read although the rest could: the file is bad nevertheless
 */
public record Inspection(Page page, Optional<MalformedFileException> problem) {

  static Inspection of(Page page) {
    return new Inspection(page, Optional.empty());
  }
}
