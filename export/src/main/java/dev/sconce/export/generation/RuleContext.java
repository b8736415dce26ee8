package dev.sconce.export.generation;

import dev.sconce.export.block.Blocks;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Operand;
import dev.sconce.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * What rules look at.
 *
 * @param blocks where they write
 * @param rows the number of rows
 * @param vocabulary the number of scores of a row
 * @param history {@code int64[rows, capacity + 1]}, the tokens of every row, prompt included
 * @param length how many tokens of a row there are, a number whose dimension shapes may use
 * @param prompt how many of them are the prompt, a number whose dimension shapes may use
 * @param maxLength the greatest length of a row, a number; a huge one if there is none
 * @param end the end tokens
 * @param settings the numbers of the settings vector
 * @param encoderIds {@code int64[rows, n]}, the encoder's input; null for a decoder alone, whose
 *     prompt then counts
 * @param kept how many tokens filters keep at least: 1, more for beams
 */
public record RuleContext(
    Blocks blocks,
    Dim rows,
    int vocabulary,
    Value history,
    Value length,
    Value prompt,
    Value maxLength,
    EndTokens end,
    Settings settings,
    @Nullable Value encoderIds,
    int kept) {

  /** Returns the author. */
  public Author author() {
    return blocks.author();
  }

  /** Returns the same for scores of some tokens alone. */
  RuleContext withVocabulary(int size) {
    return new RuleContext(
        blocks, rows, size, history, length, prompt, maxLength, end, settings, encoderIds, kept);
  }

  /** Returns the arithmetic on scores. */
  public ScoreMath math() {
    return new ScoreMath(blocks);
  }

  /** Writes the tokens of every row so far: {@code int64[rows, length]}. */
  public Value tokens() {
    return author().slice(history, 1, Operand.of(0), Operand.of(length));
  }

  /** Writes what the encoder read, or the prompt: {@code int64[rows, n]}. */
  public Value encoded() {
    Value given = encoderIds;
    return given != null ? given : author().slice(history, 1, Operand.of(0), Operand.of(prompt));
  }

  /** Writes the length of what the encoder read, or of the prompt. */
  public Value encodedLength() {
    return encoderIds != null ? author().size(encoderIds, 1) : prompt;
  }
}
