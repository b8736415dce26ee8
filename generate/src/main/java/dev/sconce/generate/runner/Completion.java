package dev.sconce.generate.runner;

import dev.sconce.generate.FinishReason;

/**
 * One generated sequence with its text.
 *
 * @param prompt which prompt of the request it answers
 * @param tokens the new tokens, the end token included
 * @param text their text, without special tokens; empty if the runner has no tokenizer
 * @param logprobs the logarithm of the probability of each token after the rules; empty for beams
 * @param score the score of the sequence in beam search; the sum of the logarithms otherwise
 * @param reason why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record Completion(
    int prompt, int[] tokens, String text, float[] logprobs, double score, FinishReason reason) {}
