package dev.sconce.format.pte;

/** An enum of the schema, whose constants have codes. */
interface SchemaEnum {
  /** Returns the code in files. */
  int code();
}
