/**
 * The XNNPACK backend: blobs are turned into plans of steps over the kernels.
 *
 * <p>{@link dev.sconce.runtime.internal.xnnpack.XnnpackDelegate} reads a blob; {@link
 * dev.sconce.runtime.internal.xnnpack.NodePlanner} plans its nodes, one class a family, into a
 * {@link dev.sconce.runtime.internal.xnnpack.GraphPlan} that all methods share; {@link
 * dev.sconce.runtime.internal.xnnpack.GraphCall} is one call of it, bound to a method's arguments.
 */
@NullMarked
package dev.sconce.runtime.internal.xnnpack;

import org.jspecify.annotations.NullMarked;
