package dev.sconce.export.block;

/** A model made of blocks, ready to be written as methods. */
public sealed interface Model permits Decoder, EncoderDecoder, TextEncoder, ImageEncoder {}
