/**
 * Safetensors: named tensors with a JSON header, in one file or in shards with an index; reading
 * maps the files, writing streams them.
 */
@NullMarked
package dev.sconce.format.safetensors;

import org.jspecify.annotations.NullMarked;
