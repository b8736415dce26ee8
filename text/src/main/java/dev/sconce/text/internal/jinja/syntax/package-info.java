/** The grammar of templates: tokens, tree, parser and the checks before a template runs. */
@NullMarked
package dev.sconce.text.internal.jinja.syntax;

import org.jspecify.annotations.NullMarked;
