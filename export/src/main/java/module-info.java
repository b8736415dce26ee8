/** Turns Hugging Face checkpoints into ExecuTorch programs. */
module dev.sconce.export {
  requires static org.jspecify;
  requires transitive dev.sconce.base;
  requires transitive dev.sconce.graph;
  requires transitive dev.sconce.generate;
  requires dev.sconce.format;
  requires dev.sconce.kernels;
  requires transitive dev.sconce.runtime;
  requires dev.sconce.text;

  exports dev.sconce.export;
  exports dev.sconce.export.architecture;
  exports dev.sconce.export.block;
  exports dev.sconce.export.checkpoint;
  exports dev.sconce.export.generation;
  exports dev.sconce.export.generation.beam;
  exports dev.sconce.export.recipe;
  exports dev.sconce.export.task;

  uses dev.sconce.export.architecture.Architecture;
  uses dev.sconce.export.recipe.Recipe;
}
