/** The sconce command. */
module dev.sconce.cli {
  requires static org.jspecify;
  requires dev.sconce.format;
  requires dev.sconce.kernels;
  requires dev.sconce.ops;
  requires dev.sconce.export;
  requires dev.sconce.generate;
  requires dev.sconce.graph;
  requires dev.sconce.runtime;
  requires dev.sconce.text;
  requires info.picocli;
  requires java.management;
  requires jdk.management;

  exports dev.sconce.cli;

  // picocli fills the options of commands by reflection.
  opens dev.sconce.cli to
      info.picocli;
  opens dev.sconce.cli.internal.generate to
      info.picocli;
  opens dev.sconce.cli.internal to
      info.picocli;
}
