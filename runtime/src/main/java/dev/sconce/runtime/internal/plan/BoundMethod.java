package dev.sconce.runtime.internal.plan;

import dev.sconce.format.Ints;
import dev.sconce.format.pte.ExecutionPlan;
import dev.sconce.runtime.internal.memory.MethodMemory;
import dev.sconce.runtime.internal.slot.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * A method ready to run: slots seated in memory, and chains of steps bound to them.
 *
 * @param plan the plan it was made from
 * @param slots all values, by index
 * @param inputs the values that callers set
 * @param outputs the values that callers read
 * @param chains the instructions
 * @param arenas the planned memory; this method's own or shared
 * @param memory memory that this method alone uses
 */
public record BoundMethod(
    ExecutionPlan plan,
    List<Slot> slots,
    List<Slot> inputs,
    List<Slot> outputs,
    List<BoundChain> chains,
    PlannedArenas arenas,
    MethodMemory memory) {

  /**
   * Binds a method.
   *
   * @param program what it belongs to
   * @param planIndex which of the program's plans
   * @param arenas its planned memory
   * @throws dev.sconce.base.UnsupportedProgramException naming all that this runtime lacks
   * @throws dev.sconce.base.MalformedFileException if the plan contradicts itself
   */
  public static BoundMethod bind(ProgramContents program, int planIndex, PlannedArenas arenas) {
    ExecutionPlan plan = program.file().program().plans().get(planIndex);
    MethodMemory memory = new MethodMemory("method '" + plan.name() + "'");
    try {
      List<Slot> slots = new SlotFactory(program, planIndex, arenas).make(memory);
      return new BoundMethod(
          plan,
          slots,
          select(slots, plan.inputs()),
          select(slots, plan.outputs()),
          new InstructionBinder(program, planIndex, slots, memory).bind(),
          arenas,
          memory);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static List<Slot> select(List<Slot> slots, Ints indices) {
    List<Slot> selected = new ArrayList<>(indices.size());
    for (int i = 0; i < indices.size(); i++) {
      selected.add(slots.get(indices.at(i)));
    }
    return List.copyOf(selected);
  }
}
