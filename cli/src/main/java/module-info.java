/** The sconce command. */
module dev.sconce.cli {
  requires static org.jspecify;
  requires dev.sconce.runtime;
  requires dev.sconce.text;
  requires dev.sconce.ops;
  requires dev.sconce.kernels;
  requires info.picocli;
}
