package dev.sconce.format.xnnpack;

import dev.sconce.base.memory.FieldPath;
import dev.sconce.base.memory.MemoryReader;
import dev.sconce.format.Blob;
import dev.sconce.format.Floats;
import dev.sconce.format.Ints;
import dev.sconce.format.flatbuffer.FieldProbe;
import dev.sconce.format.flatbuffer.FlatBuffer;
import dev.sconce.format.flatbuffer.FlatTable;
import dev.sconce.format.xnnpack.XnnGraph.Form;
import dev.sconce.format.xnnpack.XnnNode.OutputRange;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannel;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnQuantization.PerToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the tables of the backend's {@code schema.fbs} into records, one method a table. */
final class XnnReader {

  private final XnnHeader header;
  private final MemoryReader constantData;

  private XnnReader(XnnHeader header, MemoryReader constantData) {
    this.header = header;
    this.constantData = constantData;
  }

  static XnnGraph read(MemoryReader blob, @Nullable FieldProbe probe) {
    FieldPath path = FieldPath.root().field("header");
    XnnHeader header = XnnHeader.read(blob);
    MemoryReader table = blob.slice(header.tableOffset(), header.tableSize(), path);
    MemoryReader constants = blob.slice(header.constantOffset(), header.constantSize(), path);
    FlatBuffer buffer = probe == null ? FlatBuffer.of(table) : FlatBuffer.of(table, probe);
    return new XnnReader(header, constants).graph(buffer);
  }

  private XnnGraph graph(FlatBuffer buffer) {
    FlatTable table = buffer.root(XnnHeader.IDENTIFIERS);
    String version = table.optionalString(0, "version");
    return new XnnGraph(
        header.form(),
        buffer.identifier(),
        version == null ? "" : version,
        table.tables(1, "xnodes", XnnReader::node),
        table.tables(2, "xvalues", XnnReader::value),
        table.index(3, "num_externs"),
        Ints.of(table.i32s(4, "input_ids")),
        Ints.of(table.i32s(5, "output_ids")),
        constants(table));
  }

  /** Exactly one of the two lists may have entries: the older one holds the bytes themselves. */
  private List<XnnConstant> constants(FlatTable table) {
    List<XnnConstant> inTable =
        table.tables(
            6, "constant_buffer", t -> new XnnConstant.Inside(Blob.of(t.bytes(0, "storage"))));
    List<XnnConstant> constants = table.tables(8, "constant_data", this::constant);
    if (!inTable.isEmpty() && !constants.isEmpty()) {
      throw table.malformed(
          6, "constant_buffer", "no entries beside those of constant_data", "" + inTable.size());
    }
    if (header.form() == Form.HEADER && !inTable.isEmpty()) {
      throw table.malformed(
          6, "constant_buffer", "no entries in a blob with a header", "" + inTable.size());
    }
    List<XnnConstant> all = new ArrayList<>(inTable.isEmpty() ? constants : inTable);
    if (!all.isEmpty()) {
      all.set(0, new XnnConstant.Reserved());
    }
    return all;
  }

  private XnnConstant constant(FlatTable table) {
    long size = table.size64(1, "size");
    String key = table.optionalString(2, "named_key");
    if (key != null) {
      return new XnnConstant.Named(key, size);
    }
    long offset = table.size64(0, "offset");
    return new XnnConstant.Inside(Blob.of(constantData.bytes(offset, size, table.path())));
  }

  private static XnnNode node(FlatTable table) {
    int type = table.u8(0, "xnode_union_type");
    XnnNodeKind kind =
        XnnNodeKind.ofTag(type)
            .orElseThrow(
                () ->
                    table.malformed(
                        0, "xnode_union_type", "a kind of node from 1 to 47", "" + type));
    FlatTable range = table.optionalTable(3, "output_min_max");
    return new XnnNode(
        XnnOperationTables.read(kind, table.table(1, "xnode_union")),
        table.u32(2, "debug_handle"),
        range == null
            ? null
            : new OutputRange(range.f32(0, "output_min"), range.f32(1, "output_max")));
  }

  private static XnnValue value(FlatTable table) {
    int type = table.u8(0, "xvalue_union_type");
    if (type < 1 || type > 2) {
      throw table.malformed(0, "xvalue_union_type", "a kind of value, 1 or 2", "" + type);
    }
    FlatTable value = table.table(1, "xvalue_union");
    FlatTable tensor = type == 1 ? value : value.table(0, "tensor_value");
    return new XnnValue(
        tensor.i32(6, "id_out"),
        datatype(tensor, 0, "datatype"),
        XnnOperationTables.readSizes(tensor, 2, "dims", 1, "num_dims"),
        tensor.index(3, "constant_buffer_idx"),
        tensor.i32(4, "external_id"),
        tensor.i32(5, "flags"),
        tensor.i16(7, "dq_datatype") == 0 ? null : datatype(tensor, 7, "dq_datatype"),
        type == 1 ? null : quantization(value));
  }

  private static XnnDatatype datatype(FlatTable table, int field, String name) {
    int code = table.i16(field, name);
    return XnnDatatype.ofCode(code)
        .orElseThrow(() -> table.malformed(field, name, "a datatype from 1 to 14", "" + code));
  }

  private static XnnQuantization quantization(FlatTable value) {
    int type = value.u8(1, "quant_params_type");
    if (type < 1 || type > 4) {
      throw value.malformed(
          1, "quant_params_type", "a kind of quantization from 1 to 4", "" + type);
    }
    FlatTable table = value.table(2, "quant_params");
    return switch (type) {
      case 1 ->
          new PerChannel(
              Floats.of(table.f32s(0, "scale")),
              table.index(1, "channel_dim"),
              table.index(2, "scale_buffer_idx"),
              table.index(3, "num_scales"));
      case 2 -> new PerTensor(table.f32(0, "scale"), table.i32(1, "zero_point"));
      case 3 -> new PerToken(table.index(0, "num_nonbatch_dims"));
      default ->
          new PerChannelGroup(
              Floats.of(table.f32s(0, "scale")),
              table.index(1, "channel_dim"),
              table.index(2, "group_size"),
              table.index(4, "scale_buffer_idx"),
              table.index(5, "num_scales"));
    };
  }
}
