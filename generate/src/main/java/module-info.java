/** Generation: rules, search and stopping over any step function. */
module dev.sconce.generate {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires transitive dev.sconce.runtime;
  requires transitive dev.sconce.text;

  exports dev.sconce.generate;
}
