/** Model types: configuration keys and tensor names, expressed in blocks. */
@NullMarked
package dev.sconce.export.architecture;

import org.jspecify.annotations.NullMarked;
