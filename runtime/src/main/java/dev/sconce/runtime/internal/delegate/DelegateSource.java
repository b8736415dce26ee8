package dev.sconce.runtime.internal.delegate;

import dev.sconce.base.memory.MemoryReader;
import dev.sconce.kernels.Kernels;
import java.util.Map;

/**
 * What a delegate prepares itself from.
 *
 * @param blob the blob; a view of the mapped file, valid until the program is closed. Its name for
 *     messages is the file's with the delegate's place
 * @param compileSpecs options that the exporter wrote for this backend, by key
 * @param namedData data that the program and its {@code .ptd} files hold by name
 * @param shared where to put what several blobs or methods can share, above all packed weights
 * @param kernels what packs and computes
 */
public record DelegateSource(
    MemoryReader blob,
    Map<String, byte[]> compileSpecs,
    NamedData namedData,
    SharedMemory shared,
    Kernels kernels) {}
