package dev.sconce.graph;

/**
 * A constant of a graph: its value, and where its bytes come from.
 *
 * @param value the value that nodes refer to
 * @param data the bytes
 */
public record Parameter(Value value, ConstantData data) {}
