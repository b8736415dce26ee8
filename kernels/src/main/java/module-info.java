/** Numeric kernels: a scalar reference and Vector API implementations. */
module dev.sconce.kernels {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires static jdk.incubator.vector;

  exports dev.sconce.kernels;
}
