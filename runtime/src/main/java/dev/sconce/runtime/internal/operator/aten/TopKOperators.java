package dev.sconce.runtime.internal.operator.aten;

import dev.sconce.runtime.internal.execution.Step;
import dev.sconce.runtime.internal.operator.OperatorCall;
import dev.sconce.runtime.internal.operator.OperatorFamily;
import dev.sconce.runtime.internal.operator.OperatorTable;
import dev.sconce.runtime.internal.operator.RuledTable;
import dev.sconce.runtime.internal.operator.element.Arithmetic;
import dev.sconce.runtime.internal.operator.element.Elements;
import dev.sconce.runtime.internal.operator.element.Lines;
import dev.sconce.runtime.internal.slot.ScalarSlot;
import dev.sconce.runtime.internal.slot.TensorSlot;

/** The largest or smallest elements of a dimension, in order, and where they are. */
public final class TopKOperators implements OperatorFamily {

  @Override
  public void addTo(OperatorTable plain) {
    new RuledTable(plain).add("aten::topk.values", TopKOperators::bind);
  }

  private static Step bind(OperatorCall call) {
    TensorSlot self = call.tensor(0);
    ScalarSlot count = call.integer(1);
    ScalarSlot dim = call.integer(2);
    ScalarSlot largest = call.bool(3);
    TensorSlot values = call.tensor(5);
    TensorSlot indices = call.tensor(6);
    return context -> {
      int k = count.intValue();
      boolean integer = Arithmetic.of(self.dtype()) == Arithmetic.INTEGER;
      boolean single = self.rank() == 0;
      int along = single ? 0 : Operands.dimension(dim.longValue(), self.rank());
      int size = single ? 1 : self.size(along);
      long step = single ? 1 : self.stride(along);
      long valueStep = single ? 1 : values.stride(along);
      long indexStep = single ? 1 : indices.stride(along);
      Elements source = Elements.of(self);
      Elements bestValues = Elements.of(values);
      Elements bestIndices = Elements.of(indices);
      Ranking ranking = new Ranking(size, largest.boolValue());
      Lines.forEach(
          along,
          starts -> {
            for (int i = 0; i < size; i++) {
              long at = starts[0] + i * step;
              if (integer) {
                ranking.set(i, source.getLong(at));
              } else {
                ranking.set(i, source.getDouble(at));
              }
            }
            int[] order = ranking.first(k);
            for (int i = 0; i < k; i++) {
              long from = starts[0] + order[i] * step;
              long to = starts[1] + i * valueStep;
              if (integer) {
                bestValues.setLong(to, source.getLong(from));
              } else {
                bestValues.setDouble(to, source.getDouble(from));
              }
              bestIndices.setLong(starts[2] + i * indexStep, order[i]);
            }
          },
          self,
          values,
          indices);
    };
  }
}
