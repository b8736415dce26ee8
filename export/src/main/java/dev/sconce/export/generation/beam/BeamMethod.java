package dev.sconce.export.generation.beam;

import dev.sconce.base.DType;
import dev.sconce.export.block.BlockOptions;
import dev.sconce.export.block.Blocks;
import dev.sconce.export.generation.EndTokens;
import dev.sconce.export.generation.Refusal;
import dev.sconce.export.generation.RuleContext;
import dev.sconce.export.generation.ScoreRules;
import dev.sconce.export.generation.Settings;
import dev.sconce.export.generation.StepCap;
import dev.sconce.export.generation.StepGraph;
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
import org.jspecify.annotations.Nullable;

/**
 * The method {@code generate_beam}: a whole beam search in one call, as transformers 5 does it.
 *
 * <pre>
 * read settings and end tokens; refuse what cannot be searched
 * do
 *   logs = log_softmax(step(new tokens))      first the prompts, one row each; then one token a beam
 *   first round: one row a prompt becomes one row a beam
 *   rules, each jumped over where neutral
 *   candidates = the best continuations of all beams of a prompt
 *   if one of the first K ends:  merge it into the finished beams
 *   running beams = the best candidates that do not end;  the model's state follows them
 *   closed |= no running beam can improve on the finished ones
 * until all prompts are closed, all candidates end, or enough beams are finished
 * </pre>
 */
public final class BeamMethod {

  /** The name of the method. */
  public static final String NAME = "generate_beam";

  private final GraphBuilder builder;
  private final Author a;
  private final BeamMath math;
  private final BeamRows rows;
  private final GenerationConfig config;
  private final StepGraph step;
  private final int capacity;
  private final int maxBeams;
  private final BeamInputs inputs;
  private final PromptPadding padding;
  private final RunningBeams running;
  private final FinishedBeams finished;
  private final Value logs;
  private final Value ends;

  // What rounds hand on.
  private final Value start;
  private final Value length;
  private final Value isFirst;
  private final Value done;
  private final Value fill;

  private BeamMethod(
      GraphBuilder builder,
      BlockOptions options,
      StepGraph.Factory model,
      GenerationConfig config,
      int batch,
      int beams) {
    this.builder = builder;
    this.a = new Author(builder);
    this.math = new BeamMath(new Blocks(a, options));
    this.config = config;
    this.maxBeams = beams;
    this.rows = new BeamRows(math, batch, beams, EndTokens.LIMIT);
    this.step = model.create(math.blocks(), rows.prompts(), rows.each());
    this.capacity = step.capacity();
    this.inputs = BeamInputs.declare(builder, rows.prompts(), capacity, step.hasEncoder());
    this.padding = new PromptPadding(math, rows, capacity, inputs.mask() != null);
    this.running = RunningBeams.declare(math, rows, capacity);
    this.finished = FinishedBeams.declare(math, rows, capacity);
    this.logs = math.buffer("logs", DType.FLOAT32, rows.all(), Dim.of(step.vocabulary()));
    this.ends = math.buffer("ends", DType.BOOL, rows.prompts(), rows.candidates());
    this.start = math.integer("start");
    this.length = math.integer("length");
    this.isFirst = math.bool("first");
    this.done = math.bool("done");
    this.fill = math.integer("fill");
  }

  /**
   * Writes the method.
   *
   * @param model makes the step graph that the search wraps
   * @param config the defaults of the settings, and the lists of rules that are baked in; if it
   *     does not say how many beams are searched, it is as many as there may be
   * @param batch how many prompts a call may have
   * @param beams how many beams a prompt may have
   */
  public static Graph write(
      StepGraph.Factory model,
      BlockOptions options,
      GenerationConfig config,
      int batch,
      int beams) {
    GraphBuilder builder = new GraphBuilder(NAME, new ProbingInference());
    return new BeamMethod(builder, options, model, withBeams(config, beams), batch, beams).write();
  }

  private static GenerationConfig withBeams(GenerationConfig config, int beams) {
    int wanted = config.beams() > 1 ? Math.min(config.beams(), beams) : beams;
    return config.with(Setting.NUM_BEAMS, dev.sconce.base.json.JsonNumber.of(wanted));
  }

  /**
   * What is known before the first round.
   *
   * @param settings the settings
   * @param end the end tokens
   * @param prompt the length of the prompts
   * @param longest how long rows may become, prompt included
   * @param expansion {@code int64[rows]}, the prompt of each beam
   * @param improvement the judge of whether to go on
   * @param encoderIds what the encoder read, one row a beam; or null
   */
  private record Search(
      Settings settings,
      EndTokens end,
      Value prompt,
      Value longest,
      Value expansion,
      Improvement improvement,
      @Nullable Value encoderIds) {}

  private Graph write() {
    if (!rows.prompts().isFixed()) {
      a.size(inputs.ids(), 0);
    }
    Value prompt = a.size(inputs.ids(), 1);
    Refusal refusal = Refusal.declare(a);
    Settings settings = Settings.read(math.blocks(), inputs.settings(), config, refusal);
    EndTokens end =
        EndTokens.read(
            math.blocks(), inputs.end(), config.tokens(Setting.EOS_TOKEN_ID), step.vocabulary());
    Value longest = longest(settings, prompt);
    check(refusal, settings, prompt, longest);
    Value endTokens = end.count(math.blocks());
    rows.setEndTokens(endTokens);
    rows.set(Operand.of(settings.count(EmbeddedSetting.NUM_BEAMS)));
    rows.derive();
    setFill(end, endTokens);
    Value expansion = expansion();
    Value source = step.encoderIds();
    Value encoderIds = source == null ? null : encoderIds(source);
    Improvement improvement = new Improvement(math, rows, settings, capacity);
    Search search = new Search(settings, end, prompt, longest, expansion, improvement, encoderIds);
    // The step is written first: only then its state is known, which the beginning resets.
    Region loop = a.region(() -> a.loop(() -> round(search)));
    begin(search);
    loop.nodes().forEach(builder::add);
    return builder.build(outputs(settings));
  }

  /** Returns how long rows may become: what the setting, the call and the model's state allow. */
  private Value longest(Settings settings, Value prompt) {
    Value most = math.integer("most");
    builder.assign(most, Operand.of(capacity));
    if (config.isSet(Setting.MAX_NEW_TOKENS)) {
      Value end = math.plus(prompt, Operand.of(config.count(Setting.MAX_NEW_TOKENS, 0)));
      builder.assign(most, Operand.of(end));
    }
    Value given = settings.count(EmbeddedSetting.MAX_LENGTH);
    a.when(math.compare("gt", given, Operand.of(0)), () -> builder.assign(most, Operand.of(given)));
    Value steps = builder.call("aten::_local_scalar_dense", Operand.of(inputs.steps()));
    Value ngrams =
        a.number(
            "add",
            Operand.of(settings.count(EmbeddedSetting.NO_REPEAT_NGRAM_SIZE)),
            Operand.of(settings.count(EmbeddedSetting.ENCODER_NO_REPEAT_NGRAM_SIZE)));
    Value cap = StepCap.write(a, ngrams);
    Value possible = a.number("sym_min", Operand.of(steps), Operand.of(cap));
    Value end = math.plus(prompt, Operand.of(possible));
    Value both = a.number("sym_min", Operand.of(most), Operand.of(end));
    return a.number("sym_min", Operand.of(both), Operand.of(capacity));
  }

  private void check(Refusal refusal, Settings settings, Value prompt, Value longest) {
    Value beams = settings.count(EmbeddedSetting.NUM_BEAMS);
    Value returned = settings.count(EmbeddedSetting.NUM_RETURN_SEQUENCES);
    Value position = builder.call("aten::_local_scalar_dense", Operand.of(inputs.position()));
    List<Value> conditions =
        List.of(
            math.compare("eq", position, Operand.of(0)),
            math.compare("ge", beams, Operand.of(1)),
            math.compare("le", beams, Operand.of(maxBeams)),
            math.compare("ge", returned, Operand.of(1)),
            math.compare("le", returned, Operand.of(beams)),
            math.compare("lt", prompt, Operand.of(longest)),
            math.compare("eq", settings.number(EmbeddedSetting.DO_SAMPLE), Operand.of(0.0)));
    Value accepted = math.bool("accepted");
    builder.assign(accepted, Operand.of(false));
    math.setIf(accepted, conditions.toArray(Value[]::new));
    refusal.unless(accepted);
  }

  /** What fills rows behind their end: the padding token, but an end token for padding 0. */
  private void setFill(EndTokens end, Value endTokens) {
    int[] pad = config.tokens(Setting.PAD_TOKEN_ID);
    builder.assign(fill, Operand.of(-1));
    a.when(
        math.compare("gt", endTokens, Operand.of(0)),
        () -> {
          if (pad.length > 0 && pad[0] != 0) {
            builder.assign(fill, Operand.of(pad[0]));
          } else {
            Value first = a.select(a.select(end.list(), 1, 0), 0, 0);
            builder.assign(
                fill, Operand.of(builder.call("aten::_local_scalar_dense", Operand.of(first))));
          }
        });
  }

  private Value expansion() {
    Value numbers = a.view(math.range(rows.prompts()), rows.prompts(), Dim.ONE);
    return a.view(a.expand(numbers, List.of(rows.prompts(), rows.each())), rows.all());
  }

  /** Returns a buffer that what the encoder read is written to once it is known. */
  private Value encoderIds(Value source) {
    return math.buffer("source", DType.INT64, rows.all(), source.tensorType().dim(1));
  }

  private void begin(Search search) {
    builder.assign(start, Operand.of(padding.begin(inputs)));
    builder.assign(length, Operand.of(search.prompt()));
    builder.assign(isFirst, Operand.of(true));
    Value behind =
        math.builder()
            .callTyped(
                "aten::full.out",
                List.of(
                    new Operand.ListOf(
                        List.of(
                            a.operand(rows.prompts()),
                            Operand.of(
                                a.number(
                                    "sub",
                                    Operand.of(capacity + 1L),
                                    Operand.of(search.prompt()))))),
                    Operand.of(fill)),
                new Type.TensorType(
                    DType.INT64,
                    List.of(rows.prompts(), Dim.of(capacity + 1L).minus(inputs.length()))));
    Value prompts = math.beside(inputs.ids(), behind);
    finished.begin(math, math.pick(prompts, search.expansion(), rows.all()), search.prompt());
    running.begin(math, rows);
    search.improvement().begin();
    rows.set(Operand.of(1));
    rows.derive();
    math.set(running.history(), prompts);
    padding.show(inputs);
    step.begin(math.blocks());
  }

  private Value round(Search search) {
    Value from = a.snapshot(start, builder.freshSymbol("from", 0, capacity - 1L));
    Value to = a.snapshot(length, builder.freshSymbol("to", 1, capacity));
    rows.derive();
    Symbol count = builder.freshSymbol("count", 1, capacity);
    a.number("sub", count, Operand.of(to), Operand.of(from));
    Value ids = math.columns(running.history(), Operand.of(from), Operand.of(to), Dim.of(count));
    Value scores = step.step(math.blocks(), padding.input(ids, from, to));
    builder.callInto(
        logs, "aten::_log_softmax.out", Operand.of(scores), Operand.of(-1), Operand.of(false));
    builder.assign(start, Operand.of(to));
    a.when(isFirst, () -> expand(search));
    rows.derive();
    ScoreRules.of(config).apply(context(search, to), logs);
    select(search, to);
    return done;
  }

  private RuleContext context(Search search, Value to) {
    return new RuleContext(
        math.blocks(),
        rows.all(),
        step.vocabulary(),
        running.history(),
        to,
        search.prompt(),
        search.longest(),
        search.end(),
        search.settings(),
        search.encoderIds(),
        1);
  }

  /** Writes that every prompt gets its beams; the model's state follows with the first choice. */
  private void expand(Search search) {
    rows.set(Operand.of(search.settings().count(EmbeddedSetting.NUM_BEAMS)));
    rows.derive();
    Value order = search.expansion();
    math.set(logs, math.pick(logs, order, rows.all()));
    math.set(running.history(), math.pick(running.history(), order, rows.all()));
    padding.pick(order);
    Value source = step.encoderIds();
    Value ofRows = search.encoderIds();
    if (source != null && ofRows != null) {
      math.set(ofRows, math.pick(source, order, rows.all()));
    }
  }

  private void select(Search search, Value to) {
    Improvement improvement = search.improvement();
    Value after = math.plus(to, Operand.of(1));
    Value made = a.number("sub", Operand.of(after), Operand.of(search.prompt()));
    Value most = a.number("sub", Operand.of(search.longest()), Operand.of(search.prompt()));
    Value longest = math.compare("ge", after, Operand.of(search.longest()));
    Candidates candidates =
        Candidates.choose(math, rows, logs, running.scores(), search.end(), ends, longest);
    Value ended = a.and(candidates.ends(), first());
    a.when(
        builder.call("aten::any.all_out", Operand.of(ended)),
        () ->
            finished.merge(
                math,
                rows,
                candidates,
                running.history(),
                ended,
                new FinishedBeams.Round(
                    to,
                    improvement.power(made),
                    fill,
                    improvement.stopsEarly(),
                    improvement.closed())));
    running.advance(math, rows, candidates, to);
    a.when(
        isFirst,
        () -> {
          // The state has one row a prompt still.
          Value prompts =
              builder.callTyped(
                  "aten::index_select.out",
                  List.of(
                      Operand.of(search.expansion()), Operand.of(0), Operand.of(running.origin())),
                  running.origin().type());
          math.set(running.origin(), prompts);
        });
    step.reorder(math.blocks(), running.origin());
    improvement.judge(running, finished, made, most);
    improvement.end(done, candidates, finished);
    builder.assign(length, Operand.of(after));
    builder.assign(isFirst, Operand.of(false));
  }

  /** Returns which candidates stand among the first K, {@code bool[1, C]}. */
  private Value first() {
    Value ranks = a.view(math.range(rows.candidates()), Dim.ONE, rows.candidates());
    return builder.call("aten::lt.Scalar_out", Operand.of(ranks), a.operand(rows.each()));
  }

  private List<Value> outputs(Settings settings) {
    rows.derive();
    Symbol returned = builder.symbol("R", 1, maxBeams);
    Value count = a.snapshot(settings.count(EmbeddedSetting.NUM_RETURN_SEQUENCES), returned);
    Dim r = Dim.of(returned);
    Value lengths = math.columns(finished.lengths(), Operand.of(0), Operand.of(count), r);
    Value scores = math.columns(finished.scores(), Operand.of(0), Operand.of(count), r);
    Symbol columns = builder.symbol("L", 1, capacity + 1L);
    Value most = a.item(builder.call("aten::max.unary_out", Operand.of(lengths)), columns);
    Value all = a.view(finished.tokens(), rows.prompts(), rows.each(), Dim.of(capacity + 1L));
    Value ofReturned =
        builder.callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(all), Operand.of(1), Operand.of(0), Operand.of(count), Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(rows.prompts(), r, Dim.of(capacity + 1L))));
    Value sequences =
        builder.callTyped(
            "aten::slice_copy.Tensor_out",
            List.of(
                Operand.of(ofReturned),
                Operand.of(2),
                Operand.of(0),
                Operand.of(most),
                Operand.of(1)),
            new Type.TensorType(DType.INT64, List.of(rows.prompts(), r, Dim.of(columns))));
    return List.of(sequences, scores, lengths);
  }
}
