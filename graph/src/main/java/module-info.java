/** The exporter's intermediate representation, passes, partitioner, memory planner and emitter. */
module dev.sconce.graph {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires transitive dev.sconce.format;
  requires transitive dev.sconce.ops;
  requires dev.sconce.kernels;

  exports dev.sconce.graph;
  exports dev.sconce.graph.emit;
  exports dev.sconce.graph.memory;
  exports dev.sconce.graph.pass;
  exports dev.sconce.graph.quantize;
  exports dev.sconce.graph.xnnpack;
}
