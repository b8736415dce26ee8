package dev.sconce.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.sconce.base.json.JsonObject;
import dev.sconce.cli.internal.Console;
import dev.sconce.cli.internal.HumanSize;
import dev.sconce.cli.internal.JsonOption;
import dev.sconce.cli.internal.Table;
import dev.sconce.cli.internal.Version;
import dev.sconce.kernels.KernelSupport;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what Sconce finds on this machine. */
@Command(name = "info", description = "Show versions and what this machine offers.")
final class InfoCommand implements Callable<Integer> {

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final Console console;
  @Mixin private JsonOption json = new JsonOption();

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Runtime runtime = Runtime.getRuntime();
    String java = System.getProperty("java.vm.name") + " " + Runtime.version();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    boolean vectors = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    KernelSupport kernels = KernelSupport.detect();
    String compiler = System.getProperty("java.vm.info", "unknown");
    long memory = memoryLimit();
    if (json.wanted()) {
      console.json(
          JsonObject.builder()
              .put("version", Version.current())
              .put("java", java)
              .put("system", system)
              .put("processors", runtime.availableProcessors())
              .put("maxHeapBytes", runtime.maxMemory())
              .put("memoryBytes", memory)
              .put("compiler", compiler)
              .put("vectorModule", vectors)
              .put("vectorBits", kernels.vectorBits())
              .put("threads", kernels.threads())
              .put("kernels", kernels.describe())
              .build());
      return ExitCode.OK;
    }
    console.print(
        Table.plain()
            .row("sconce", Version.current())
            .row("Java", java)
            .row("system", system)
            .row("processors", Integer.toString(runtime.availableProcessors()))
            .row("heap", "at most " + HumanSize.of(runtime.maxMemory()))
            .row("memory", HumanSize.of(memory) + " for this machine or container")
            .row("compiler", compiler)
            .row("kernels", kernels.describe()));
    return ExitCode.OK;
  }

  /** The machine's memory, or the container's limit if that is lower. */
  private static long memoryLimit() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
