/** Generation: rules, search, stopping and runners. */
module dev.sconce.generate {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires transitive dev.sconce.runtime;
  requires transitive dev.sconce.text;

  exports dev.sconce.generate;
  exports dev.sconce.generate.resource;
  exports dev.sconce.generate.runner;
}
