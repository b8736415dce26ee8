package dev.sconce.format.pte;

/**
 * The device that a planned buffer lies on.
 *
 * @param bufferIndex the index in {@link ExecutionPlan#plannedBufferSizes}
 * @param deviceType the schema's device code: 0 CPU, 1 CUDA
 * @param deviceIndex which device of that type
 */
public record BufferDevice(int bufferIndex, int deviceType, int deviceIndex) {}
