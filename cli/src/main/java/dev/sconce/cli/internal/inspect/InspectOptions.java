package dev.sconce.cli.internal.inspect;

import org.jspecify.annotations.Nullable;

/**
 * What a user asked for beyond the report of a file.
 *
 * @param method the only method to show; null for all
 * @param instructions whether to show the instructions of methods
 */
public record InspectOptions(@Nullable String method, boolean instructions) {}
