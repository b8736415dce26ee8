/** Tasks: which methods and metadata a program has. */
@NullMarked
package dev.sconce.export.task;

import org.jspecify.annotations.NullMarked;
