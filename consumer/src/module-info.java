/** A module that uses every library module of Sconce, as a user's would. */
module org.example.consumer {
  requires dev.sconce.base;
  requires dev.sconce.format;
  requires dev.sconce.graph;
  requires dev.sconce.kernels;
  requires dev.sconce.ops;
  requires dev.sconce.runtime;
  requires dev.sconce.text;
}
