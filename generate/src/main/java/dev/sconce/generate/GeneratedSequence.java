package dev.sconce.generate;

/**
 * One generated sequence.
 *
 * @param prompt which prompt of the batch it belongs to
 * @param tokens the new tokens, the end token included
 * @param scores the log-probability of each token after the rules; empty for beams
 * @param score the score of the whole sequence in beam search; the sum of the scores otherwise
 * @param reason why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared or changed
public record GeneratedSequence(
    int prompt, int[] tokens, float[] scores, double score, FinishReason reason) {}
