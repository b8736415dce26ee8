/** Readers, writers and verifiers of every file format of the ExecuTorch world. */
module dev.sconce.format {
  requires static org.jspecify;
  requires transitive dev.sconce.base;

  exports dev.sconce.format;
  exports dev.sconce.format.bpte;
  exports dev.sconce.format.etdump;
  exports dev.sconce.format.flatbuffer;
  exports dev.sconce.format.npy;
  exports dev.sconce.format.ptd;
  exports dev.sconce.format.pte;
  exports dev.sconce.format.safetensors;
  exports dev.sconce.format.xnnpack;
}
