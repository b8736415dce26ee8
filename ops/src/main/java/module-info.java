/** The operator catalogue, with shape and dtype rules. */
module dev.sconce.ops {
  requires static org.jspecify;
  requires transitive dev.sconce.base;

  exports dev.sconce.ops;
}
