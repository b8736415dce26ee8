/** Loads, verifies and executes ExecuTorch programs. */
module dev.sconce.runtime {
  requires static org.jspecify;
  requires jdk.jfr;
  requires transitive dev.sconce.base;
  requires dev.sconce.format;
  requires dev.sconce.ops;
  requires dev.sconce.kernels;

  exports dev.sconce.runtime;
  exports dev.sconce.runtime.verify;
}
