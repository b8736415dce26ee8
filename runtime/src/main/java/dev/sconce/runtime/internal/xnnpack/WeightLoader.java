package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.xnnpack.XnnDatatype;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.format.xnnpack.XnnQuantization.PerChannelGroup;
import dev.sconce.format.xnnpack.XnnQuantization.PerTensor;
import dev.sconce.format.xnnpack.XnnValue;
import dev.sconce.kernels.IntegerWeights;
import dev.sconce.kernels.Kernels;
import dev.sconce.kernels.PackedConvolution;
import dev.sconce.kernels.PackedIntegerWeights;
import dev.sconce.kernels.PackedWeights;
import dev.sconce.kernels.WeightEncoding;
import dev.sconce.kernels.WeightSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Packs the weights of linear layers and convolutions, once a program. */
final class WeightLoader {

  // XNNPACK's own rule, and the kernels'.
  private static final int GROUP_MULTIPLE = 32;

  private final GraphBuilder builder;
  private final Kernels kernels;
  private final Constants constants;
  private final GraphFault fault;

  WeightLoader(GraphBuilder builder) {
    this.builder = builder;
    this.kernels = builder.kernels();
    this.constants = builder.constants();
    this.fault = builder.fault();
  }

  /** All that packed weights depend on. */
  private record Key(Object filter, Object bias, WeightEncoding encoding, String form) {}

  /**
   * Returns the weights of a layer, for float activations or rows quantized at run time.
   *
   * @param filter [N, K], or [K, N] if transposed
   * @param bias [N], or none
   */
  PackedWeights linear(int filter, int bias, boolean transposed, boolean dynamic) {
    XnnValue value = builder.declared(filter);
    WeightEncoding encoding = encoding(value, dynamic);
    int outputs = value.dims().at(transposed ? 1 : 0);
    int inputs = value.dims().at(transposed ? 0 : 1);
    Key key = new Key(constants.key(value), biasKey(bias), encoding, "linear " + transposed);
    return builder
        .shared()
        .get(
            PackedWeights.class,
            key,
            arena -> {
              WeightSource source =
                  source(value, encoding, outputs, inputs, transposed).withBias(floatBias(bias));
              return kernels.matrixProducts().pack(source, arena);
            });
  }

  /** Returns the filter of a float convolution, [outputs, taps · inputs of a group]. */
  PackedConvolution convolution(int filter, int bias, int groups, int outputs, int patch) {
    XnnValue value = builder.declared(filter);
    WeightEncoding encoding = encoding(value, false);
    Key key = new Key(constants.key(value), biasKey(bias), encoding, "convolution " + groups);
    return builder
        .shared()
        .get(
            PackedConvolution.class,
            key,
            arena -> {
              WeightSource source =
                  source(value, encoding, outputs, patch, false).withBias(floatBias(bias));
              return kernels.convolutions().pack(source, groups, arena);
            });
  }

  private WeightSource source(
      XnnValue value, WeightEncoding encoding, int outputs, int inputs, boolean transposed) {
    int channelDim = transposed ? 1 : 0;
    MemorySegment scales = null;
    int groupSize = inputs;
    MemorySegment bytes =
        encoding == WeightEncoding.FLOAT32 && value.datatype() != XnnDatatype.FP32
            ? builder.floatConstant(value.id())
            : constants.bytes(value);
    switch (encoding) {
      case FLOAT32, FLOAT16, BFLOAT16 -> {}
      case INT8_PER_CHANNEL, INT4_PER_CHANNEL -> {
        if (value.quantization() instanceof PerTensor q && q.zeroPoint() != 0) {
          throw fault.unsupported(
              "weights with a zero point and rows quantized at run time (value %d)"
                  .formatted(value.id()));
        }
        float[] perChannel = constants.scales(value, channelDim);
        // Closing an arena of its own stops all threads for a moment, weight by weight.
        scales = Arena.ofAuto().allocate(4L * outputs, 4);
        for (int i = 0; i < outputs; i++) {
          float scale = perChannel[perChannel.length == 1 ? 0 : i];
          scales.setAtIndex(Constants.FLOAT, i, scale);
        }
      }
      case INT4_PER_GROUP -> {
        fault.require(!transposed, value, "", "weights [out, in] of groups", "a transposed layer");
        scales = constants.groupScales(value);
        groupSize = value.quantization() instanceof PerChannelGroup q ? q.groupSize() : inputs;
        fault.require(
            groupSize % GROUP_MULTIPLE == 0 && inputs % groupSize == 0,
            value,
            ".quant_params.group_size",
            "a multiple of " + GROUP_MULTIPLE + " that divides %s",
            inputs,
            groupSize);
      }
    }
    return new WeightSource(encoding, outputs, inputs, transposed, bytes, scales, groupSize, null);
  }

  private WeightEncoding encoding(XnnValue value, boolean dynamic) {
    return switch (value.datatype()) {
      case FP32, PFP32 -> plain(value, dynamic, WeightEncoding.FLOAT32);
      case FP16 -> plain(value, dynamic, WeightEncoding.FLOAT16);
      case BF16 -> plain(value, dynamic, WeightEncoding.BFLOAT16);
      // Float activations meet weights that are dequantized here.
      case QINT8, QCINT8 -> dynamic ? WeightEncoding.INT8_PER_CHANNEL : WeightEncoding.FLOAT32;
      case QCINT4 -> dynamic ? WeightEncoding.INT4_PER_CHANNEL : WeightEncoding.FLOAT32;
      case QBINT4 -> dynamic ? WeightEncoding.INT4_PER_GROUP : WeightEncoding.FLOAT32;
      case QUINT8, QINT32, QCINT32, QDINT8, QPINT8, INT32 ->
          throw fault.unsupported("weights of " + value.datatype() + " (value " + value.id() + ")");
    };
  }

  private WeightEncoding plain(XnnValue value, boolean dynamic, WeightEncoding encoding) {
    if (dynamic) {
      throw fault.unsupported(
          "weights of %s with rows quantized at run time (value %d)"
              .formatted(value.datatype(), value.id()));
    }
    return encoding;
  }

  private Object biasKey(int bias) {
    return bias == XnnGraph.NO_ID ? "none" : constants.key(constantBias(bias));
  }

  private XnnValue constantBias(int bias) {
    XnnValue value = builder.declared(bias);
    if (!value.isConstant()) {
      throw fault.unsupported("a bias that is no constant (value " + bias + ")");
    }
    return value;
  }

  @Nullable MemorySegment floatBias(int bias) {
    return bias == XnnGraph.NO_ID ? null : builder.floatConstant(constantBias(bias).id());
  }

  /** Returns the weights of a statically quantized layer. */
  PackedIntegerWeights integerLinear(int filter, int bias, boolean transposed) {
    XnnValue value = builder.declared(filter);
    int outputs = value.dims().at(transposed ? 1 : 0);
    int inputs = value.dims().at(transposed ? 0 : 1);
    IntegerWeights source = integers(value, bias, outputs, inputs, transposed, transposed ? 1 : 0);
    Key key =
        new Key(
            constants.key(value),
            biasKey(bias),
            WeightEncoding.INT8_PER_CHANNEL,
            "integers " + transposed);
    return builder
        .shared()
        .get(
            PackedIntegerWeights.class,
            key,
            arena -> kernels.integerProducts().pack(source, arena));
  }

  /**
   * Returns statically quantized weights as the file stores them.
   *
   * @param channelDim the dimension of the filter that may have a scale each
   */
  IntegerWeights integers(
      XnnValue value, int bias, int outputs, int inputs, boolean transposed, int channelDim) {
    boolean signed =
        switch (value.datatype()) {
          case QINT8, QCINT8 -> true;
          case QUINT8 -> false;
          case FP32, FP16, BF16, PFP32, QINT32, QCINT32, QCINT4, QBINT4, QDINT8, QPINT8, INT32 ->
              throw fault.unsupported(
                  "weights of %s with quantized activations (value %d)"
                      .formatted(value.datatype(), value.id()));
        };
    MemorySegment biasBytes = null;
    if (bias != XnnGraph.NO_ID) {
      XnnValue declared = constantBias(bias);
      boolean integers =
          declared.datatype() == XnnDatatype.QINT32
              || declared.datatype() == XnnDatatype.QCINT32
              || declared.datatype() == XnnDatatype.INT32;
      fault.require(integers, declared, "", "a bias of int32", declared.datatype());
      biasBytes = constants.bytes(declared);
    }
    return new IntegerWeights(
        outputs,
        inputs,
        transposed,
        constants.bytes(value),
        signed,
        value.quantization() instanceof PerTensor q ? q.zeroPoint() : 0,
        constants.scales(value, channelDim),
        biasBytes);
  }
}
