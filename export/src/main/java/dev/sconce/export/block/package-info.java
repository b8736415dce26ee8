/**
 * The building blocks of models: each turns a small configuration and its weights into graph nodes.
 */
@NullMarked
package dev.sconce.export.block;

import org.jspecify.annotations.NullMarked;
