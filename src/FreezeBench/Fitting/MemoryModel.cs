using System.Numerics;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Tracing;
using FreezeBench.Optimizing;
using TorchSharp;

namespace FreezeBench.Fitting;

/// <summary>
/// How much memory a training step and an evaluation take at their peak, from the shapes of the network's layers: an estimate
/// that needs neither device nor tensor.
/// </summary>
/// <remarks>
/// <para>For each image, what is held at once. Where a graph is built, that is what the backward pass asks for: every
/// convolution's input and output (the output is BatchNorm's input), what ReLU left in place, the indices of the pooling;
/// gradients come and go beside it, from the last block to the first, as what was kept goes. Without a graph it is the
/// largest block: its input, and all that its dispose scope holds until its end. The batch itself is held all the while.</para>
/// <para>For all images together: parameters, BatchNorm's buffers, the copy into which BatchNorm is folded, gradients, and the
/// optimizer's state. The gradients come while what was kept goes, so with small batches the true peak is lower. Not in it: the runtime, the driver's context, the data set, cuDNN's workspaces (see
/// <see cref="Fits"/>).</para>
/// </remarks>
public sealed class MemoryModel
{
    // For what no layer's shape tells, an allowance and not computed. A GPU: the driver's context, cuDNN's workspaces, gaps in
    // the allocator's stock. The host: the C library does not give back what lies between tensors in use; fine-tuning at 32 and
    // 64 px took 2.4 and 1.7 times the estimate with it, and no more than the estimate without it (MemoryModelTests).
    private const double UsableFractionOfGpu = 0.9;
    private const double UsableFractionOfHost = 0.4;

    private const int FloatBytes = 4;
    private const int IndexBytes = 8;   // max_pool2d's indices are int64

    private readonly FreezingPolicy policy;
    private readonly IReadOnlyList<string> stages;
    private readonly int firstTrained;
    private readonly IReadOnlyList<IReadOnlyList<TracedLayer>> blocks;
    private readonly long pooledValues;
    private readonly int activationBytes;

    /// <param name="network">Architecture.</param>
    /// <param name="classes">Of the head.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="resolutionPx">Height and width of the network's input in pixels.</param>
    /// <param name="optimizer">What is remembered of a trained parameter: one number with SGD and momentum, two with AdamW.</param>
    /// <param name="precision">As rows name it; activations of bf16 and fp16 take 2 bytes, all others 4.</param>
    public MemoryModel(Network network, int classes, FreezingPolicy policy, int resolutionPx, OptimizerKind optimizer, string precision = "fp32")
    {
        (this.policy, stages, firstTrained) = (policy, network.StageNames, policy.FirstTrained(network.StageNames));
        activationBytes = precision.StartsWith("bf16", StringComparison.Ordinal) || precision.StartsWith("fp16", StringComparison.Ordinal) ? 2 : FloatBytes;
        var (layers, pooled) = network.Layers(classes, resolutionPx);
        pooledValues = pooled;
        var backbone = layers.Where(layer => layer.Stage < stages.Count - 1).ToList();
        blocks = [.. backbone.GroupBy(layer => (layer.Stage, layer.Block)).Select(block => (IReadOnlyList<TracedLayer>)[.. block])];

        BytesPerImage = (FloatBytes * 3L * resolutionPx * resolutionPx) + Math.Max(StepBytes(), EvaluationBytes());
        FixedBytes = FloatBytes * Values(backbone, layers.Where(layer => layer.Stage == stages.Count - 1).Sum(layer => layer.Weights + layer.ChannelsOut), optimizer);
    }

    /// <summary>What the peak grows by with every image of a batch.</summary>
    public long BytesPerImage { get; }

    /// <summary>What does not depend on the batch.</summary>
    public long FixedBytes { get; }

    /// <summary>The peak with a batch of this size, the program itself and its data apart.</summary>
    public long PeakBytes(int batchSize) => FixedBytes + (batchSize * BytesPerImage);

    /// <summary>Whether a batch of this size fits into so much memory, a part of which is left to what the model does not know.</summary>
    /// <param name="batchSize">Images per step.</param>
    /// <param name="memoryBytes">Free on the device.</param>
    /// <param name="device">Its kind decides how much is left.</param>
    public bool Fits(int batchSize, long memoryBytes, DeviceType device) =>
        PeakBytes(batchSize) <= (device == DeviceType.CPU ? UsableFractionOfHost : UsableFractionOfGpu) * memoryBytes;

    /// <summary>The largest power of two up to <paramref name="most"/> that <see cref="Fits"/>; 0: not even 1 does.</summary>
    /// <param name="memoryBytes">Free on the device.</param>
    /// <param name="device">Its kind.</param>
    /// <param name="most">1 or more.</param>
    public int LargestBatch(long memoryBytes, DeviceType device, int most)
    {
        for (var size = 1 << BitOperations.Log2((uint)most); size >= 1; size /= 2)
            if (Fits(size, memoryBytes, device))
                return size;
        return 0;
    }

    // In the graph: something before it or in it trains.
    private bool Trains(TracedLayer layer) => layer.Stage >= firstTrained;

    // Folded copies take the place of frozen layers, but not where BatchNorm goes by the batch.
    private bool Folds(TracedLayer layer) => !Trains(layer) && !policy.FrozenStatisticsDrift;

    private long Values(List<TracedLayer> convolutions, long head, OptimizerKind optimizer)
    {
        long Parameters(IEnumerable<TracedLayer> some) => some.Sum(convolution => convolution.Weights + (2L * convolution.ChannelsOut));
        var adapters = convolutions.Sum(AdapterWeights);
        var trained = convolutions.Sum(Trained) + adapters + head;
        var remembered = optimizer == OptimizerKind.AdamW ? 2 : 1;
        return Parameters(convolutions) + adapters + head + convolutions.Sum(convolution => 2L * convolution.ChannelsOut)
            + convolutions.Where(Folds).Sum(convolution => convolution.Weights + convolution.ChannelsOut)
            + ((1 + remembered) * trained);
    }

    // Of a convolution's kernel and of the BatchNorm behind it.
    private long Trained(TracedLayer layer) => (Trains(layer, ParameterRole.Weight) ? layer.Weights : 0)
        + (Trains(layer, ParameterRole.NormWeight) ? layer.ChannelsOut : 0) + (Trains(layer, ParameterRole.NormBias) ? layer.ChannelsOut : 0);

    private bool Trains(TracedLayer layer, ParameterRole role) => policy.Trains(new(layer.Name, role, layer.Stage, stages));

    private long AdapterWeights(TracedLayer layer) => policy.AdapterRank is { } rank ? layer.AdapterWeights(rank) : 0;

    // What A gives, which the gradient of B asks for.
    private long KeptByAdapter(TracedLayer layer) => AdapterWeights(layer) > 0 ? policy.AdapterRank!.Value * layer.Positions : 0;

    // The layer's own output beside its sum with the adapter's, until the block's end.
    private long HeldByAdapter(TracedLayer layer) => AdapterWeights(layer) > 0 ? layer.OutputValues : 0;

    /// <summary>Of one image at the peak of a training step, the batch itself apart.</summary>
    private long StepBytes()
    {
        // The head alone: a few kilobytes, whatever the network.
        if (policy.CachesFeatures)
            return 0;
        var frozen = Largest(blocks.Where(block => !Trains(block[0])));
        var trained = blocks.Where(block => Trains(block[0])).ToList();
        if (trained is [])
            return frozen;
        // What the frozen part hands over is kept by the first trained convolution; the batch is counted already.
        var kept = trained[0][0].Stage == 0 ? 0 : activationBytes * trained[0][0].InputValues;
        var peak = frozen;
        foreach (var block in trained)
        {
            kept += Kept(block);
            // The gradient of the output, and the two that a layer reads and writes.
            var gradients = block[0].Stage == 0 ? 2 * block[0].OutputValues : block.Max(layer => layer.OutputValues) + (2 * block.Max(layer => Math.Max(layer.InputValues, layer.OutputValues)));
            peak = Math.Max(peak, kept + (activationBytes * Math.Max(gradients, block.Sum(HeldByAdapter))));
        }
        return peak;
    }

    /// <summary>Of one image at the peak of a pass without a graph: evaluation, and the extraction of features.</summary>
    private long EvaluationBytes() => Largest(blocks);

    private long Kept(IReadOnlyList<TracedLayer> block)
    {
        // Of a shortcut only BatchNorm's input: its output is added and then forgotten.
        return (activationBytes * block.Sum(layer => (layer.IsShortcut ? layer.OutputValues : 2 * layer.OutputValues) + KeptByAdapter(layer))) + Pooled(block);
    }

    private long Largest(IEnumerable<IReadOnlyList<TracedLayer>> some) => some.Select(Held).DefaultIfEmpty().Max();

    /// <summary>What a block holds of an image at its end where no graph is built; its input is the batch itself in the stem.</summary>
    private long Held(IReadOnlyList<TracedLayer> block)
    {
        var outputs = block.Sum(layer => (Folds(layer) ? layer.OutputValues : 2 * layer.OutputValues) + HeldByAdapter(layer));
        var input = block[0].Stage == 0 ? 0 : block[0].InputValues;
        return (activationBytes * (input + outputs)) + Pooled(block);
    }

    // libtorch's CPU and CUDA kernels write the indices of the largest values whether a backward pass will ask for them or not.
    private long Pooled(IReadOnlyList<TracedLayer> block) => block[0].Stage == 0 ? (activationBytes + IndexBytes) * pooledValues : 0;
}
