package dev.sconce.cli;

import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.Errors;
import dev.sconce.cli.internal.StandardError;
import dev.sconce.cli.internal.Version;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The sconce command: finds the subcommand, runs it, and turns what happened into an exit code. */
@Command(
    name = "sconce",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = "ExecuTorch for the JVM.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class)
public final class Main implements Callable<Integer> {

  private static final String[] FOOTER = {
    "",
    "From a checkout, './sconce test' runs the test suite.",
    "Exit codes: 0 ok, 1 check failed, 2 usage, 3 bad file, 70 internal error."
  };

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  private Main() {}

  /** The subcommands in the order of the help: a new one is a class and a line here. */
  private static List<Callable<Integer>> commands(Console console) {
    return List.of(
        new RunCommand(console),
        new GenerateCommand(console, System.in),
        new ChatCommand(console, System.in),
        new ExportCommand(console),
        new InspectCommand(console),
        new DiffCommand(console),
        new VerifyCommand(console),
        new BundleCommand(console),
        new BenchCommand(console),
        new InfoCommand(console),
        new DemoCommand(console),
        new RewriteCommand(console),
        new ChatTemplateCommand(console),
        new TokenizeCommand(console, System.in),
        new TranslateCommand(console, System.in));
  }

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    StandardError.restore();
    System.exit(run(Console.ofSystem(), args));
  }

  /**
   * Runs a command line.
   *
   * @param console where its output goes
   * @param args the words after {@code sconce}
   * @return the exit code
   */
  static int run(Console console, String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    for (Callable<Integer> command : commands(console)) {
      CommandSpec sub = CommandSpec.forAnnotatedObject(command);
      if (command instanceof MoreOptions more) {
        more.addTo(sub);
      }
      line.addSubcommand(sub.name(), sub);
    }
    Errors errors = new Errors(console);
    line.setOut(console.out());
    line.setErr(console.err());
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(console)));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getCommandSpec().usageMessage().footer(FOOTER);
    line.setParameterExceptionHandler((problem, _) -> errors.usage(problem));
    line.setExecutionExceptionHandler((problem, _, _) -> errors.report(problem, main.debug));
    try {
      return line.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return errors.report(e, main.debug);
    } finally {
      console.flush();
    }
  }

  private static Ansi ansi(Console console) {
    return console.coloured() ? Ansi.ON : Ansi.OFF;
  }

  /** Without a subcommand: shows the help. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
