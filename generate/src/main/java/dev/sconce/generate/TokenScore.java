package dev.sconce.generate;

/**
 * A token and how likely it was.
 *
 * @param id the token
 * @param logprob the logarithm of its probability
 */
public record TokenScore(int id, float logprob) {}
