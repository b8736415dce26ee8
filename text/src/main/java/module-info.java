/** Tokenizers and chat templates. */
module dev.sconce.text {
  requires static org.jspecify;
  requires transitive dev.sconce.base;

  exports dev.sconce.text;
  exports dev.sconce.text.template;
}
