/** The operator catalogue, with shape and dtype rules. */
@NullMarked
package dev.sconce.ops;

import org.jspecify.annotations.NullMarked;
