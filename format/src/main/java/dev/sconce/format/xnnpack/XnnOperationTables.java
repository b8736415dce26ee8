package dev.sconce.format.xnnpack;

import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FlatBufferBuilder;
import dev.sconce.format.flatbuffer.FlatTable;
import dev.sconce.format.flatbuffer.TableBuilder;
import dev.sconce.format.xnnpack.XnnOperation.ArgMaxPooling;
import dev.sconce.format.xnnpack.XnnOperation.Binary;
import dev.sconce.format.xnnpack.XnnOperation.Concatenate;
import dev.sconce.format.xnnpack.XnnOperation.Convolution;
import dev.sconce.format.xnnpack.XnnOperation.Elu;
import dev.sconce.format.xnnpack.XnnOperation.Extent;
import dev.sconce.format.xnnpack.XnnOperation.FullyConnected;
import dev.sconce.format.xnnpack.XnnOperation.LeakyRelu;
import dev.sconce.format.xnnpack.XnnOperation.Padding;
import dev.sconce.format.xnnpack.XnnOperation.Pooling;
import dev.sconce.format.xnnpack.XnnOperation.ScaledDotProductAttention;
import dev.sconce.format.xnnpack.XnnOperation.StaticConstantPad;
import dev.sconce.format.xnnpack.XnnOperation.StaticReshape;
import dev.sconce.format.xnnpack.XnnOperation.StaticResizeBilinear;
import dev.sconce.format.xnnpack.XnnOperation.StaticSlice;
import dev.sconce.format.xnnpack.XnnOperation.StaticTranspose;
import dev.sconce.format.xnnpack.XnnOperation.Unary;

/**
 * The tables of the 47 kinds of nodes, read and written: for each shape of table the two directions
 * stand side by side, field ids as in the schema.
 */
final class XnnOperationTables {

  private XnnOperationTables() {}

  static XnnOperation read(XnnNodeKind kind, FlatTable t) {
    return switch (kind.layout()) {
      case UNARY ->
          new Unary(
              UnaryOperator.valueOf(kind.name()),
              t.i32(0, "input_id"),
              t.i32(1, "output_id"),
              t.i32(2, "flags"));
      case BINARY ->
          new Binary(
              BinaryOperator.valueOf(kind.name()),
              t.i32(0, "input1_id"),
              t.i32(1, "input2_id"),
              t.i32(2, "output_id"),
              t.i32(3, "flags"));
      case FULLY_CONNECTED ->
          new FullyConnected(
              t.i32(0, "input1_id"),
              t.i32(1, "filter_id"),
              t.i32(2, "bias_id"),
              t.i32(3, "output_id"),
              t.i32(4, "flags"));
      case CONVOLUTION -> readConvolution(ConvolutionForm.valueOf(kind.name()), t);
      case POOLING ->
          new Pooling(
              PoolingReduction.valueOf(kind.name()),
              readPadding(t),
              readExtent(t, 4, "pooling"),
              readExtent(t, 6, "stride"),
              readExtent(t, 8, "dilation"),
              t.i32(10, "input_id"),
              t.i32(11, "output_id"),
              t.i32(12, "flags"));
      case ARG_MAX_POOLING ->
          new ArgMaxPooling(
              readPadding(t),
              readExtent(t, 4, "pooling"),
              t.i32(6, "input_id"),
              t.i32(7, "output_value_id"),
              t.i32(8, "output_index_id"),
              t.i32(9, "flags"));
      case CONCATENATE -> readConcatenate(kind, t);
      case STATIC_TRANSPOSE ->
          new StaticTranspose(
              readSizes(t, 1, "perm", 0, "num_dims"),
              t.i32(2, "input_id"),
              t.i32(3, "output_id"),
              t.i32(4, "flags"));
      case STATIC_RESHAPE ->
          new StaticReshape(
              readSizes(t, 1, "new_shape", 0, "num_dims"),
              t.i32(2, "input_id"),
              t.i32(3, "output_id"),
              t.i32(4, "flags"));
      case STATIC_SLICE ->
          new StaticSlice(
              readSizes(t, 1, "offsets", 0, "num_dims"),
              readSizes(t, 2, "sizes", 0, "num_dims"),
              t.i32(3, "input_id"),
              t.i32(4, "output_id"),
              t.i32(5, "flags"));
      case STATIC_CONSTANT_PAD ->
          new StaticConstantPad(
              readSizes(t, 0, "pre_paddings"),
              readSizes(t, 1, "post_paddings"),
              t.f32(2, "padding_value"),
              t.i32(3, "input_id"),
              t.i32(4, "output_id"),
              t.i32(5, "flags"));
      case STATIC_RESIZE_BILINEAR ->
          new StaticResizeBilinear(
              new Extent(t.index(0, "new_height"), t.index(1, "new_width")),
              t.i32(2, "input_id"),
              t.i32(3, "output_id"),
              t.i32(4, "flags"));
      case LEAKY_RELU ->
          new LeakyRelu(
              t.f32(0, "negative_slope"),
              t.i32(1, "input_id"),
              t.i32(2, "output_id"),
              t.i32(3, "flags"));
      case ELU ->
          new Elu(
              t.f32(0, "alpha"), t.i32(1, "input_id"), t.i32(2, "output_id"), t.i32(3, "flags"));
      case SCALED_DOT_PRODUCT_ATTENTION ->
          new ScaledDotProductAttention(
              t.i32(0, "query_id"),
              t.i32(1, "key_id"),
              t.i32(2, "value_id"),
              t.i32(3, "scale_id"),
              t.i32(4, "mask_id"),
              t.i32(5, "output_id"),
              t.i32(6, "flags"));
    };
  }

  static int write(XnnOperation operation, FlatBufferBuilder b) {
    return switch (operation) {
      case Unary n -> ids(b, 0, n.input(), n.output(), n.flags());
      case Binary n -> ids(b, 0, n.input1(), n.input2(), n.output(), n.flags());
      case FullyConnected n -> ids(b, 0, n.input(), n.filter(), n.bias(), n.output(), n.flags());
      case Convolution n -> writeConvolution(n, b);
      case Pooling n -> {
        TableBuilder t = b.table();
        writePadding(t, n.padding());
        writeExtent(t, 4, n.window());
        writeExtent(t, 6, n.stride());
        writeExtent(t, 8, n.dilation());
        yield ids(t, 10, n.input(), n.output(), n.flags());
      }
      case ArgMaxPooling n -> {
        TableBuilder t = b.table();
        writePadding(t, n.padding());
        writeExtent(t, 4, n.window());
        yield ids(t, 6, n.input(), n.outputValue(), n.outputIndex(), n.flags());
      }
      case Concatenate n -> writeConcatenate(n, b);
      case StaticTranspose n -> ids(sizes(b, n.permutation()), 2, n.input(), n.output(), n.flags());
      case StaticReshape n -> ids(sizes(b, n.shape()), 2, n.input(), n.output(), n.flags());
      case StaticSlice n -> {
        int sizes = b.i32s(n.sizes().toIntArray());
        yield ids(sizes(b, n.offsets()).ref(2, sizes), 3, n.input(), n.output(), n.flags());
      }
      case StaticConstantPad n -> {
        int before = b.i32s(n.before().toIntArray());
        int after = b.i32s(n.after().toIntArray());
        TableBuilder t = b.table().ref(0, before).ref(1, after).f32(2, n.value());
        yield ids(t, 3, n.input(), n.output(), n.flags());
      }
      case StaticResizeBilinear n -> {
        TableBuilder t = b.table();
        writeExtent(t, 0, n.size());
        yield ids(t, 2, n.input(), n.output(), n.flags());
      }
      case LeakyRelu n ->
          ids(b.table().f32(0, n.negativeSlope()), 1, n.input(), n.output(), n.flags());
      case Elu n -> ids(b.table().f32(0, n.alpha()), 1, n.input(), n.output(), n.flags());
      case ScaledDotProductAttention n ->
          ids(b, 0, n.query(), n.key(), n.value(), n.scale(), n.mask(), n.output(), n.flags());
    };
  }

  private static Convolution readConvolution(ConvolutionForm form, FlatTable t) {
    return new Convolution(
        form,
        readPadding(t),
        readExtent(t, 4, "kernel"),
        readExtent(t, 6, "subsampling"),
        readExtent(t, 8, "dilation"),
        t.index(10, "group_input_channels"),
        t.index(11, "group_output_channels"),
        t.index(12, "groups"),
        readExtent(t, 13, "adjustment"),
        t.i32(15, "input1_id"),
        t.i32(16, "filter_id"),
        t.i32(17, "bias_id"),
        t.i32(18, "output_id"),
        t.i32(19, "flags"));
  }

  private static int writeConvolution(Convolution n, FlatBufferBuilder b) {
    TableBuilder t = b.table();
    writePadding(t, n.padding());
    writeExtent(t, 4, n.kernel());
    writeExtent(t, 6, n.stride());
    writeExtent(t, 8, n.dilation());
    t.i32(10, n.groupInputChannels()).i32(11, n.groupOutputChannels()).i32(12, n.groups());
    writeExtent(t, 13, n.adjustment());
    return ids(t, 15, n.input(), n.filter(), n.bias(), n.output(), n.flags());
  }

  /** The fifth input was appended to the table later than the output. */
  private static final int[] CONCATENATE_INPUTS = {1, 2, 3, 4, 7};

  private static Concatenate readConcatenate(XnnNodeKind kind, FlatTable t) {
    int count = kind.name().charAt(kind.name().length() - 1) - '0';
    int[] parts = new int[count];
    for (int i = 0; i < count; i++) {
      parts[i] = t.i32(CONCATENATE_INPUTS[i], "input" + (i + 1) + "_id");
    }
    return new Concatenate(
        t.i32(0, "axis"), Ints.of(parts), t.i32(5, "output_id"), t.i32(6, "flags"));
  }

  private static int writeConcatenate(Concatenate n, FlatBufferBuilder b) {
    TableBuilder t = b.table().i32(0, n.axis());
    for (int i = 0; i < CONCATENATE_INPUTS.length; i++) {
      int id = i < n.parts().size() ? n.parts().at(i) : XnnGraph.NO_ID;
      t.i32(CONCATENATE_INPUTS[i], id);
    }
    return t.i32(5, n.output()).i32(6, n.flags()).end();
  }

  private static Padding readPadding(FlatTable t) {
    return new Padding(
        t.index(0, "padding_top"),
        t.index(1, "padding_right"),
        t.index(2, "padding_bottom"),
        t.index(3, "padding_left"));
  }

  private static void writePadding(TableBuilder t, Padding padding) {
    t.i32(0, padding.top()).i32(1, padding.right());
    t.i32(2, padding.bottom()).i32(3, padding.left());
  }

  private static Extent readExtent(FlatTable t, int field, String name) {
    return new Extent(t.index(field, name + "_height"), t.index(field + 1, name + "_width"));
  }

  private static void writeExtent(TableBuilder t, int field, Extent extent) {
    t.i32(field, extent.height()).i32(field + 1, extent.width());
  }

  /** Reads a vector of unsigned numbers, each below 2^31. */
  static Ints readSizes(FlatTable t, int field, String name) {
    int[] sizes = t.i32s(field, name);
    for (int size : sizes) {
      if (size < 0) {
        throw t.malformed(field, name, "sizes below 2^31", Integer.toUnsignedString(size));
      }
    }
    return Ints.of(sizes);
  }

  /** Reads a vector of unsigned numbers whose count another field repeats. */
  static Ints readSizes(FlatTable t, int field, String name, int countField, String countName) {
    Ints sizes = readSizes(t, field, name);
    int count = t.i32(countField, countName);
    if (count != sizes.size()) {
      throw t.malformed(
          countField,
          countName,
          "the length of " + name + ", " + sizes.size(),
          Integer.toUnsignedString(count));
    }
    return sizes;
  }

  /** Starts a table of the fields 0, a count, and 1, that many sizes. */
  private static TableBuilder sizes(FlatBufferBuilder b, Ints sizes) {
    int vector = b.i32s(sizes.toIntArray());
    return b.table().i32(0, sizes.size()).ref(1, vector);
  }

  /** Ends a table with numbers in consecutive fields. */
  private static int ids(TableBuilder t, int field, int... values) {
    for (int i = 0; i < values.length; i++) {
      t.i32(field + i, values[i]);
    }
    return t.end();
  }

  private static int ids(FlatBufferBuilder b, int field, int... values) {
    return ids(b.table(), field, values);
  }
}
