/** Chat templates: messages in, the prompt that a model was trained on out. */
@NullMarked
package dev.sconce.text.template;

import org.jspecify.annotations.NullMarked;
