package dev.sconce.runtime;

/**
 * One buffer of a method's state: what its next execution may see of the last one.
 *
 * @param tensor a view of the method's memory, which may be read and written between executions
 * @param addressed whether every write goes to elements that an index names and leaves the others,
 *     as with key-value caches; otherwise the buffer may be a summary of all that went before
 */
public record StateTensor(Tensor tensor, boolean addressed) {}
