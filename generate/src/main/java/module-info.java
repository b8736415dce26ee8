/** Generation: rules, search, stopping and runners. */
module dev.sconce.generate {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires transitive dev.sconce.runtime;
  requires transitive dev.sconce.text;
  requires dev.sconce.format;
  requires dev.sconce.kernels;

  exports dev.sconce.generate;
  exports dev.sconce.generate.resource;
  exports dev.sconce.generate.runner;
  exports dev.sconce.generate.selftest;
}
