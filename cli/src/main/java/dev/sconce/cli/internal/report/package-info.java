/** Reports as data, which people see as text and scripts as JSON. */
@NullMarked
package dev.sconce.cli.internal.report;

import org.jspecify.annotations.NullMarked;
