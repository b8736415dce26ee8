package dev.sconce.export.generation;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.generate.EmbeddedSetting;
import dev.sconce.generate.GenerationConfig;
import dev.sconce.generate.Setting;
import dev.sconce.graph.Author;
import dev.sconce.graph.Dim;
import dev.sconce.graph.Graph;
import dev.sconce.graph.GraphBuilder;
import dev.sconce.graph.Operand;
import dev.sconce.graph.ProbingInference;
import dev.sconce.graph.Region;
import dev.sconce.graph.Symbol;
import dev.sconce.graph.Type;
import dev.sconce.graph.Value;
import java.util.List;

/**
 * The method {@code generate}: prompt in, tokens out, with everything between in one program.
 *
 * <pre>
 * read settings, end tokens, steps
 * if the new tokens fit:
 *   position 0: reset;   a new turn: clear flags, note the length of the prompt
 *   history[position …] = new tokens
 *   do
 *     scores = step(history[column : column + count])       first all new tokens, then one
 *     column += count;  count = 1
 *     if steps &gt; 0:
 *       rules, each jumped over where neutral;  choice;  log-probability
 *       history[column] = token;  finished |= end token or length
 *   until steps are made, all rows finished, or the cache is full
 * </pre>
 *
 * <p>The contract is {@code docs/formats/et_gen.md}.
 */
public final class GenerateMethod {

  /** The name of the method. */
  public static final String NAME = "generate";

  private static final long NO_LENGTH = 1L << 40;
  private static final int CACHE_IS_FULL = -1;

  private final GraphBuilder builder;
  private final Author a;
  private final Blocks blocks;
  private final GenerationConfig config;
  private final boolean batched;
  private final Dim rows;
  private final StepGraph step;
  private final int capacity;
  private final Padding padding;
  private final GenerateInputs inputs;
  private final GenerationState state;
  private final RandomNumbers random;
  private final Refusal refusal;
  private final Settings settings;
  private final EndTokens end;
  private final Value sampling;
  private final Value limit;
  private final Value position;

  // What rounds hand on.
  private final Value column;
  private final Value count;
  private final Value made;
  private final Value full;
  private final Value done;
  private final Value isNew;

  private GenerateMethod(
      GraphBuilder builder,
      BlockOptions options,
      StepGraph.Factory model,
      GenerationConfig config,
      int batch) {
    this.builder = builder;
    this.a = new Author(builder);
    this.blocks = new Blocks(a, options);
    this.config = config;
    this.batched = batch > 1;
    this.rows = batched ? Dim.of(builder.symbol("B", 1, batch)) : Dim.ONE;
    this.step = model.create(blocks, rows);
    this.capacity = step.capacity();
    this.padding = new Padding(blocks, capacity);
    this.inputs = GenerateInputs.declare(builder, rows, capacity, step.hasEncoder());
    this.state = GenerationState.declare(blocks, rows, capacity, step.vocabulary());
    this.random = new RandomNumbers(blocks, rows);
    this.column = integer("column");
    this.count = integer("count");
    this.made = integer("made");
    this.full = integer("full");
    this.done = builder.variable("done", Type.BoolType.BOOL);
    this.isNew = builder.variable("is_new", Type.BoolType.BOOL);
    if (batched) {
      a.size(inputs.ids(), 0);
    }
    a.size(inputs.ids(), 1);
    this.refusal = Refusal.declare(a);
    this.settings = Settings.read(blocks, inputs.settings(), config, refusal);
    this.end =
        EndTokens.read(
            blocks, inputs.end(), config.tokens(Setting.EOS_TOKEN_ID), step.vocabulary());
    this.sampling = ScoreRules.sampling(a, settings);
    this.position = a.item(inputs.position(), builder.freshSymbol("at", 0, capacity));
    this.limit = limit();
  }

  /**
   * Writes the method.
   *
   * @param model makes the step graph that the loop wraps
   * @param config the defaults of the settings, and the lists of rules that are baked in
   * @param batch how many rows a call may have
   */
  public static Graph write(
      StepGraph.Factory model, BlockOptions options, GenerationConfig config, int batch) {
    GraphBuilder builder = new GraphBuilder(NAME, new ProbingInference());
    return new GenerateMethod(builder, options, model, config, batch).write();
  }

  private Value integer(String name) {
    Symbol symbol = builder.freshSymbol(name, 0, NO_LENGTH);
    return builder.variable(name, new Type.IntType(Dim.of(symbol)));
  }

  /** Returns how many tokens this call makes at most. */
  private Value limit() {
    Value wanted = a.item(inputs.steps(), builder.freshSymbol("wanted", 0, Integer.MAX_VALUE));
    Value ngrams =
        a.number(
            "add",
            Operand.of(settings.count(EmbeddedSetting.NO_REPEAT_NGRAM_SIZE)),
            Operand.of(settings.count(EmbeddedSetting.ENCODER_NO_REPEAT_NGRAM_SIZE)));
    Value cap = StepCap.write(a, ngrams);
    Value possible = a.number("sym_min", Operand.of(wanted), Operand.of(cap));
    return a.number("sym_min", Operand.of(possible), Operand.of(capacity));
  }

  private Graph write() {
    builder.assign(column, Operand.of(position));
    builder.assign(made, Operand.of(0));
    builder.assign(full, Operand.of(CACHE_IS_FULL));
    Value last = a.sum(position, a.operand(inputs.ids().tensorType().dim(1)));
    Value fits = builder.variable("fits", Type.BoolType.BOOL);
    builder.assign(fits, Operand.of(false));
    // A start below 0 would be written without a check.
    a.when(
        a.number("ge", Operand.of(position), Operand.of(0)),
        () ->
            builder.assign(
                fits, Operand.of(a.number("le", Operand.of(last), Operand.of(capacity)))));
    a.when(fits, () -> run(last));
    return builder.build(outputs());
  }

  private void run(Value last) {
    // The step is written first: only then its state is known, which the beginning resets.
    Region loop = a.region(() -> a.loop(this::round));
    Value fresh = a.number("eq", Operand.of(position), Operand.of(0));
    a.when(fresh, this::begin);
    turn(last);
    builder.assign(full, Operand.of(0));
    accept();
    loop.nodes().forEach(builder::add);
    Value after =
        builder.variable(
            "after", new Type.IntType(Dim.of(builder.freshSymbol("after", 0, capacity))));
    builder.assign(after, Operand.of(-1));
    a.when(
        a.number("gt", Operand.of(made), Operand.of(0)),
        () -> builder.assign(after, Operand.of(column)));
    GenerationState.setNumber(blocks, state.next(), Operand.of(after));
  }

  private void begin() {
    state.begin(blocks);
    random.seed(inputs.seed());
    step.begin(blocks);
  }

  /** A call goes on if it brings the one token that the call before made; else a turn begins. */
  private void turn(Value last) {
    builder.assign(isNew, Operand.of(true));
    Value expected = builder.call("aten::_local_scalar_dense", Operand.of(state.next()));
    Value single = a.number("eq", a.operand(inputs.ids().tensorType().dim(1)), Operand.of(1));
    a.when(
        a.number("eq", Operand.of(expected), Operand.of(position)),
        () -> a.when(single, () -> builder.assign(isNew, Operand.of(false))));
    a.when(
        isNew,
        () -> {
          state.setFinished(blocks, false);
          GenerationState.setNumber(blocks, state.prompt(), Operand.of(last));
        });
  }

  /** Takes the new tokens into the history, and what is padding among them. */
  private void accept() {
    Dim length = inputs.ids().tensorType().dim(1);
    Value columns = GenerationState.columns(blocks, position, length);
    GenerationState.put(blocks, state.history(), columns, inputs.ids());
    builder.assign(count, a.operand(length));
    Value mask = inputs.mask();
    if (mask == null) {
      return;
    }
    if (batched) {
      GenerationState.put(blocks, state.visible(), columns, a.compare("gt", mask, 0));
      return;
    }
    // One row is not masked: its padding is cut off.
    Value cut = padding.cut(mask, a.operand(length));
    Value before = builder.call("aten::_local_scalar_dense", Operand.of(state.padding()));
    GenerationState.setNumber(
        blocks, state.padding(), Operand.of(a.number("add", Operand.of(before), Operand.of(cut))));
    builder.assign(column, Operand.of(a.number("add", Operand.of(position), Operand.of(cut))));
    builder.assign(count, Operand.of(a.number("sub", a.operand(length), Operand.of(cut))));
  }

  /** Writes one round; returns whether it was the last. */
  private Value round() {
    Value from = a.snapshot(column, builder.freshSymbol("from", 0, capacity - 1L));
    Value size = a.snapshot(count, builder.freshSymbol("size", 1, capacity));
    Value to = a.sum(from, Operand.of(size));
    Value scores = step.step(blocks, stepInput(from, size, to));
    builder.assign(column, Operand.of(to));
    builder.assign(count, Operand.of(1));
    builder.assign(done, Operand.of(true));
    a.branch(
        a.number("lt", Operand.of(made), Operand.of(limit)),
        () -> select(scores, to),
        () -> whenFull(to, () -> {}));
    return done;
  }

  private StepGraph.StepInput stepInput(Value from, Value size, Value to) {
    Dim length = ((Type.IntType) size.type()).value();
    Value ids =
        builder.callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(state.history()),
                Operand.of(1),
                Operand.of(from),
                Operand.of(to),
                Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(rows, length)));
    if (step.hasEncoder()) {
      return padding.visible(ids, from);
    }
    return batched
        ? padding.masked(ids, from, to, state.visible())
        : padding.unmasked(
            ids, from, builder.call("aten::_local_scalar_dense", Operand.of(state.padding())));
  }

  /** Writes rules, choice and bookkeeping; the row is {@code length} tokens long before it. */
  private void select(Value logits, Value length) {
    builder.copyInto(state.scores(), logits);
    Value maxLength = maxLength();
    Value prompt = a.item(state.prompt(), builder.freshSymbol("prompt", 1, capacity));
    RuleContext context =
        new RuleContext(
            blocks,
            rows,
            step.vocabulary(),
            state.history(),
            length,
            prompt,
            maxLength,
            end,
            settings,
            step.encoderIds(),
            1);
    ScoreRules rules = ScoreRules.of(config);
    rules.begin(context, state.scores());
    a.branch(
        sampling,
        () -> new Sampling(context, rules, refusal).write(state, random.next(state.finished())),
        () -> takeMostLikely(context, rules));
    append(length);
    Value after = a.sum(length, Operand.of(1));
    Value ended = end.contains(blocks, state.token());
    builder.callInto(
        state.finished(), "aten::logical_or.out", Operand.of(state.finished()), Operand.of(ended));
    a.when(
        a.number("ge", Operand.of(after), Operand.of(maxLength)),
        () -> state.setFinished(blocks, true));
    whenFull(
        length,
        () ->
            a.when(
                a.number("lt", Operand.of(made), Operand.of(limit)),
                () ->
                    a.branch(
                        state.finished(),
                        () -> {},
                        () -> builder.assign(done, Operand.of(false)))));
  }

  private void takeMostLikely(RuleContext context, ScoreRules rules) {
    rules.finish(context, state.scores());
    TokenChoice choice = new TokenChoice(blocks);
    choice.mostLikely(state.scores(), state.token());
    ScoreMath math = new ScoreMath(blocks);
    Value max = math.gather(state.scores(), state.token());
    Value mass = math.mass(state.scores(), max);
    choice.logProbability(state.scores(), max, mass, state.token(), state.log());
  }

  /** Writes the token and its log-probability to where they belong; what fills finished rows. */
  private void append(Value length) {
    Value fill = fill();
    Value token = a.where(state.finished(), fill, state.token());
    builder.copyInto(state.token(), token);
    Value shown =
        a.where(state.finished(), new ScoreMath(blocks).scalar(0, DType.FLOAT32), state.log());
    Value at = GenerationState.columns(blocks, made, Dim.ONE);
    GenerationState.put(blocks, state.tokens(), at, state.token());
    GenerationState.put(blocks, state.logs(), at, shown);
    Value next = GenerationState.columns(blocks, length, Dim.ONE);
    GenerationState.put(blocks, state.history(), next, state.token());
    if (batched && !step.hasEncoder()) {
      Value visible = builder.call("aten::ge.Scalar_out", Operand.of(state.token()), Operand.of(0));
      GenerationState.put(blocks, state.visible(), next, visible);
    }
    builder.assign(made, Operand.of(a.number("add", Operand.of(made), Operand.of(1))));
  }

  /** Returns the token that fills finished rows: padding, else the first end token. */
  private Value fill() {
    int[] pad = config.tokens(Setting.PAD_TOKEN_ID);
    if (pad.length > 0) {
      return Integers.constant(blocks, new long[] {pad[0]}, 1, 1);
    }
    // Without end tokens there is a number there that no token has.
    Value first = a.slice(end.list(), 1, 0, 1);
    return builder.call("aten::clamp.out", Operand.of(first), Operand.of(0), Operand.none());
  }

  private void whenFull(Value held, Runnable otherwise) {
    a.branch(
        a.number("lt", Operand.of(held), Operand.of(capacity)),
        otherwise,
        () -> builder.assign(full, Operand.of(CACHE_IS_FULL)));
  }

  /** Returns the greatest length of a row: the setting, else what new tokens the file allows. */
  private Value maxLength() {
    Value length = integer("max_length");
    builder.assign(length, Operand.of(NO_LENGTH));
    if (config.isSet(Setting.MAX_NEW_TOKENS)) {
      Value prompt = builder.call("aten::_local_scalar_dense", Operand.of(state.prompt()));
      builder.assign(
          length,
          Operand.of(
              a.number(
                  "add", Operand.of(prompt), Operand.of(config.count(Setting.MAX_NEW_TOKENS, 0)))));
    }
    Value given = settings.count(EmbeddedSetting.MAX_LENGTH);
    a.when(
        a.number("gt", Operand.of(given), Operand.of(0)),
        () -> builder.assign(length, Operand.of(given)));
    return length;
  }

  private List<Value> outputs() {
    Symbol count = builder.freshSymbol("n", 0, capacity);
    Value n = a.snapshot(made, count);
    Value tokens = firstColumns(state.tokens(), n, Dim.of(count));
    Value logs = firstColumns(state.logs(), n, Dim.of(count));
    Value notDone =
        builder.callTyped(
            "aten::full.out",
            List.of(new Operand.ListOf(List.of(a.operand(rows), Operand.of(1))), Operand.of(full)),
            new Type.TensorType(DType.INT64, List.of(rows, Dim.ONE)));
    Value one = Integers.constant(blocks, new long[] {1}, 1, 1);
    Value finished = a.view(a.where(state.finished(), one, notDone), rows);
    Value next =
        builder.callTyped(
            "aten::full.out",
            List.of(Operand.ints(1), Operand.of(column)),
            Type.TensorType.of(DType.INT64, 1));
    return List.of(tokens, finished, logs, next);
  }

  private Value firstColumns(Value buffer, Value n, Dim count) {
    return builder.callTyped(
        "aten::slice_copy.Tensor_out",
        List.of(Operand.of(buffer), Operand.of(1), Operand.of(0), Operand.of(n), Operand.of(1)),
        new Type.TensorType(buffer.tensorType().dtype(), List.of(rows, count)));
  }
}
