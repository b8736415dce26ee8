/** What executes: steps, their context, and how a step fails. */
@NullMarked
package dev.sconce.runtime.internal.execution;

import org.jspecify.annotations.NullMarked;
