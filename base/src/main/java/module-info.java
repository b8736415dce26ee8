/** Data types, JSON, bounds-checked memory access and the error types of Sconce. */
module dev.sconce.base {
  requires static org.jspecify;

  exports dev.sconce.base;
  exports dev.sconce.base.json;
  exports dev.sconce.base.memory;
}
