package dev.sconce.format.pte;

import dev.sconce.format.Blob;

/**
 * An option for a backend.
 *
 * @param key its name
 * @param value its value, whose meaning is the backend's
 */
public record CompileSpec(String key, Blob value) {}
