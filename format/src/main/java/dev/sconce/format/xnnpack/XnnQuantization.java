package dev.sconce.format.xnnpack;

import dev.sconce.format.Floats;

/** How the elements of a quantized value stand for real numbers. */
public sealed interface XnnQuantization {

  /**
   * One scale and zero point: real = (q - zeroPoint) · scale.
   *
   * @param scale the scale
   * @param zeroPoint the element that stands for 0
   */
  record PerTensor(float scale, int zeroPoint) implements XnnQuantization {}

  /**
   * A scale a channel.
   *
   * @param scales the scales; empty if they are a constant
   * @param channelDim the dimension along which channels lie
   * @param scaleConstant the index of the constant that holds the scales as fp32, or 0
   * @param scaleCount how many scales the constant holds
   */
  record PerChannel(Floats scales, int channelDim, int scaleConstant, int scaleCount)
      implements XnnQuantization {}

  /**
   * Scale and zero point a row, found at run time.
   *
   * @param nonbatchDims how many of the last dimensions make a row
   */
  record PerToken(int nonbatchDims) implements XnnQuantization {}

  /**
   * A scale a group of neighbours in a channel.
   *
   * @param scales the scales as fp32, in old blobs; empty if they are a constant
   * @param channelDim the dimension along which channels lie
   * @param groupSize the size of a group
   * @param scaleConstant the index of the constant that holds the scales as bf16, or 0
   * @param scaleCount how many scales the constant holds
   */
  record PerChannelGroup(
      Floats scales, int channelDim, int groupSize, int scaleConstant, int scaleCount)
      implements XnnQuantization {}
}
