/** Programs to read and to run. */
@NullMarked
package org.example.sconce;

import org.jspecify.annotations.NullMarked;
