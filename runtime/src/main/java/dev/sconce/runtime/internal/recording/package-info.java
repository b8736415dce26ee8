/** Events for JDK Flight Recorder. */
@NullMarked
package dev.sconce.runtime.internal.recording;

import org.jspecify.annotations.NullMarked;
