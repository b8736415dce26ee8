package dev.sconce.runtime.internal.xnnpack;

import dev.sconce.format.xnnpack.XnnBlob;
import dev.sconce.format.xnnpack.XnnGraph;
import dev.sconce.runtime.internal.delegate.Delegate;
import dev.sconce.runtime.internal.delegate.DelegateSource;
import dev.sconce.runtime.internal.delegate.PreparedDelegate;

/** Executes the blobs of ExecuTorch's XNNPACK backend. Its compile options are unused there too. */
public final class XnnpackDelegate implements Delegate {

  /** Creates the delegate. */
  public XnnpackDelegate() {}

  @Override
  public String id() {
    return "XnnpackBackend";
  }

  @Override
  public PreparedDelegate prepare(DelegateSource source) {
    XnnGraph graph = XnnBlob.verify(source.blob());
    GraphBuilder builder = new GraphBuilder(graph, source);
    new NodePlanner(builder).planAll(graph.nodes());
    return builder.build();
  }
}
