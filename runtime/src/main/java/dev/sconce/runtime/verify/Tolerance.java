package dev.sconce.runtime.verify;

/**
 * How far a floating-point result may be from what is expected: {@code |got - expected| ≤ absolute
 * + relative · |expected|}. NaN equals NaN, infinities must be equal. Integers and bools must be
 * equal, except that integers may differ by up to {@code absolute} if that is 1 or more.
 *
 * @param relative the relative part
 * @param absolute the absolute part
 */
public record Tolerance(double relative, double absolute) {}
