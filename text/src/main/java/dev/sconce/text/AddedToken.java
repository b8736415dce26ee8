package dev.sconce.text;

/**
 * A token that is found in the text before the model sees it.
 *
 * @param id its id
 * @param content its text
 * @param singleWord whether it counts only where no letter or digit touches it
 * @param lstrip whether it swallows white space before it
 * @param rstrip whether it swallows white space after it
 * @param normalized whether it is looked for in the normalised text instead of the original
 * @param special whether decoding can skip it
 */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {}
