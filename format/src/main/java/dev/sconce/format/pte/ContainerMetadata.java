package dev.sconce.format.pte;

import org.jspecify.annotations.Nullable;

/**
 * How Python nests a method's inputs and outputs, as pytree specifications; other runtimes ignore
 * it.
 *
 * @param encodedInput the inputs' specification, or null if absent
 * @param encodedOutput the outputs' specification, or null if absent
 */
public record ContainerMetadata(@Nullable String encodedInput, @Nullable String encodedOutput) {}
