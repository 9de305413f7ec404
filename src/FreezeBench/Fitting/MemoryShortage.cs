using System.Globalization;
using System.Runtime.InteropServices;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Fitting;

/// <summary>What did not fit into a device's memory, and what by <see cref="MemoryModel"/> would.</summary>
public sealed record MemoryShortage
{
    // The least that is suggested, and the step between resolutions that are suggested: ResNets halve five times.
    private const int LeastPx = 16;
    private const int ResolutionStepPx = 32;

    /// <summary>Architecture.</summary>
    public required Network Network { get; init; }

    /// <summary>Classes of the head.</summary>
    public required int Classes { get; init; }

    /// <summary>What was to train.</summary>
    public required FreezingPolicy Policy { get; init; }

    /// <summary>Height and width of the network's input in pixels.</summary>
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step that failed; with <see cref="AutoBatch"/> the last one, 1.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Images that there are: no batch has more.</summary>
    public required int Images { get; init; }

    /// <summary>Optimizer.</summary>
    public required OptimizerKind Optimizer { get; init; }

    /// <summary>Arithmetic, as rows name it.</summary>
    public required string Precision { get; init; }

    /// <summary>Where it was to run.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>Null: unknown, unless libtorch's message tells.</summary>
    public DeviceMemory? Memory { get; init; }

    /// <summary>Whether the size was halved before it came to this.</summary>
    public bool AutoBatch { get; init; }

    /// <summary>What a step takes by the estimate.</summary>
    public long PeakBytes => Model(Policy, ResolutionPx).PeakBytes(InBatch);

    /// <summary>The message as an error of the user's world.</summary>
    public UserErrorException ToError(ExternalException failure) => ToError(failure.Message, failure);

    /// <summary>The message as an error of the user's world, where another process has failed.</summary>
    /// <param name="failure">What libtorch said; its first line is repeated.</param>
    /// <param name="caught">Where it was said here.</param>
    public UserErrorException ToError(string failure, Exception? caught = null) =>
        ToError(failure, $"libtorch says: {failure.Trim().Split('\n')[0]}", caught);

    /// <summary>The message where nothing was tried yet, since the estimate alone is more than the device has; null: it is not.</summary>
    /// <remarks>On the CPU alone: there the system kills a program that takes too much, where a GPU says so.</remarks>
    public UserErrorException? Foreseen() => Device.Type == DeviceType.CPU && Memory is { } memory && PeakBytes > memory.FreeBytes
        ? ToError("", "It was not tried: on the CPU the system would end the program without a word.", null)
        : null;

    /// <summary>The message for an end that leaves libtorch no word: of a process, by an exception that nobody can catch.</summary>
    public UserErrorException Untold() => ToError("", null, null);

    private UserErrorException ToError(string failure, string? last, Exception? caught)
    {
        var memory = Memory ?? (FullMemory.Capacity(failure) is var (total, left) ? new DeviceMemory(total, left) : null);
        return new(string.Join('\n', new[] { What(memory, FullMemory.IsCertain(failure) || !FullMemory.IsTold(failure)), Estimate(memory), Remedies(memory), last }.OfType<string>()), caught);
    }

    private int InBatch => Math.Min(BatchSize, Images);

    // Told by a sign that has other causes too, it is said so: whoever sees that no size fits is to know.
    private string What(DeviceMemory? memory, bool certain) => string.Create(
        CultureInfo.InvariantCulture,
        $"Out of memory{(certain ? "" : ", by what libtorch says, which can have another cause")}: ‹batch size› {BatchSize}{(InBatch < BatchSize ? $" (all {InBatch} images)" : "")} at {ResolutionPx} px with {Policy} ({Network}, {Precision}) does not fit on {Device.Name}, {Size(memory)}.{(AutoBatch ? " ‹Automatic batch size› has tried every half down to it." : "")}");

    private static string Size(DeviceMemory? memory) => memory switch
    {
        null => "whose memory is unknown",
        { FreeBytes: var free, TotalBytes: var total } when free < total => $"which has {GiB(total)}, {GiB(free)} of it free",
        _ => $"which has {GiB(memory.TotalBytes)}",
    };

    private string Estimate(DeviceMemory? memory)
    {
        var model = Model(Policy, ResolutionPx);
        var text = string.Create(CultureInfo.InvariantCulture, $"By the shapes of its layers a step takes about {GiB(PeakBytes)}: {model.BytesPerImage / (double)(1 << 20):0.0} MiB for each image, {GiB(model.FixedBytes)} beside them.");
        return memory is null ? text
            : Largest(memory) is > 0 and var largest ? $"{text} The largest power of two that should fit is {largest}."
            : InBatch > 1 ? $"{text} Not even a batch of 1 should fit." : text;
    }

    private string Remedies(DeviceMemory? memory)
    {
        List<string> remedies = [];
        if (memory is not null && Largest(memory) is > 0 and var largest)
            remedies.Add($"‹batch size› {largest}");
        else if (memory is null && BatchSize > 1)
            remedies.Add("a smaller ‹batch size›");
        if (!AutoBatch && BatchSize > 1)
            remedies.Add("‹automatic batch size›, which halves the size until it fits");
        var smaller = memory is null ? null : SmallerResolution(memory);
        if (ResolutionPx > LeastPx)
            remedies.Add(smaller is { } px ? $"a smaller ‹resolution› ({px} px should fit)" : "a smaller ‹resolution›");
        var frugal = FreezingPolicy.Standard.Where(policy => policy.Suits(Network.StageNames) && Model(policy, ResolutionPx).PeakBytes(InBatch) < PeakBytes).ToList();
        var fitting = memory is null ? [] : frugal.Where(policy => Model(policy, ResolutionPx).Fits(InBatch, memory.FreeBytes, Device.Type)).ToList();
        if (fitting is not [])
            remedies.Add($"a policy that should fit ({string.Join(", ", fitting)})");
        else if (frugal is not [])
            remedies.Add($"a policy that needs less ({string.Join(", ", frugal)})");
        remedies.Add("or end other programs that use the device");
        return $"Pass {string.Join("; ", remedies)}.";
    }

    // A size that has just failed is none to suggest, whatever the estimate says.
    private int Largest(DeviceMemory memory) => InBatch == 1 ? 0 : Model(Policy, ResolutionPx).LargestBatch(memory.FreeBytes, Device.Type, InBatch - 1);

    private int? SmallerResolution(DeviceMemory memory)
    {
        for (var px = (ResolutionPx - 1) / ResolutionStepPx * ResolutionStepPx; px >= ResolutionStepPx; px -= ResolutionStepPx)
            if (Model(Policy, px).Fits(InBatch, memory.FreeBytes, Device.Type))
                return px;
        return null;
    }

    private MemoryModel Model(FreezingPolicy policy, int resolutionPx) => new(Network, Classes, policy, resolutionPx, Optimizer, Precision);

    private static string GiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB");
}
