package dev.sconce.format.pte;

/**
 * A place among the instructions of a {@link PlanBuilder}, which jumps may name before it exists.
 */
public final class Label {

  private static final int NOWHERE = -1;

  private final PlanBuilder owner;
  private int instruction = NOWHERE;

  Label(PlanBuilder owner) {
    this.owner = owner;
  }

  boolean belongsTo(PlanBuilder plan) {
    return owner == plan;
  }

  void place(int at) {
    if (instruction != NOWHERE) {
      throw new IllegalStateException("the label was placed before");
    }
    instruction = at;
  }

  int instruction() {
    if (instruction == NOWHERE) {
      throw new IllegalStateException("a jump leads to a label that was not placed");
    }
    return instruction;
  }
}
