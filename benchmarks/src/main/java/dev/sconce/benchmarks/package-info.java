/** Benchmarks. */
@org.jspecify.annotations.NullMarked
package dev.sconce.benchmarks;
