/** From records to what runs: values become slots, instructions become steps, plans get memory. */
@NullMarked
package dev.sconce.runtime.internal.plan;

import org.jspecify.annotations.NullMarked;
