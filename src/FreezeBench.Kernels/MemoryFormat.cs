using FreezeBench.Kernels.Observing;
using FreezeBench.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels;

/// <summary>
/// How 4-d tensors lie in memory: channels-last (NHWC strides) or contiguous (NCHW). The shape is [N, C, H, W] in both.
/// libtorch's convolution, BatchNorm and pooling keep the format of what they are given, forward and backward.
/// </summary>
public sealed record MemoryFormat
{
    /// <summary>The channels of a pixel lie together: strides [C*H*W, 1, W*C, C].</summary>
    public static readonly MemoryFormat ChannelsLast = new("channels-last");

    /// <summary>Each channel is a plane of its own: strides [C*H*W, H*W, W, 1].</summary>
    public static readonly MemoryFormat Contiguous = new("contiguous");

    /// <summary>Both.</summary>
    public static IReadOnlyList<MemoryFormat> All { get; } = [ChannelsLast, Contiguous];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(format => format.Name));

    private MemoryFormat(string name) => Name = name;

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Finds a format by its exact name.</summary>
    /// <exception cref="RefusedException">The name is none of <see cref="ValidNames"/>.</exception>
    public static MemoryFormat Parse(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw new RefusedException($"Unknown memory format '{name}'. Valid values: {ValidNames}.");

    /// <summary>
    /// The faster format on a device. CPU: channels-last, by 1.4 to 1.6 times for a fine-tune step of ResNet-18 (32 px,
    /// batch 128, two Zen 3 cores). CUDA: channels-last too, since tensor cores want it; not measured by us. With plain kernels it is
    /// contiguous everywhere: TorchSharp has no <c>to(memory_format)</c>, so that is what its users have.
    /// </summary>
    /// <param name="device">Of the network.</param>
    /// <param name="kernels">Whose layers; null: fast ones.</param>
    public static MemoryFormat DefaultFor(DeviceType device, KernelSet? kernels = null) => device switch
    {
        _ when kernels == KernelSet.Plain => Contiguous,
        DeviceType.CPU or DeviceType.CUDA => ChannelsLast,
        _ => Contiguous,
    };

    /// <summary>
    /// Lays out the 4-d parameters of a module in place: the parameters stay the same objects, with the same values,
    /// <c>requires_grad</c> and gradient, so an optimizer that holds them goes on. Call it again after moving the module
    /// to another device.
    /// </summary>
    public void ApplyTo(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        ApplyTo(module.parameters());
    }

    /// <summary>Lays out those parameters that have four dimensions, in place.</summary>
    public void ApplyTo(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in parameters.Where(parameter => parameter.dim() == 4))
        {
            // Written out, since permute().contiguous() leaves 1x1 kernels, which are both formats at once, as they are.
            var laidOut = empty_strided(parameter.shape, Strides(parameter.shape), parameter.dtype, parameter.device);
            laidOut.copy_(parameter);
            parameter.set_(laidOut);
        }
    }

    /// <summary>A batch in this format.</summary>
    /// <param name="batch">[N, C, H, W], any dtype and device; it is not changed.</param>
    /// <param name="observer">Told of the copy, or of finding none necessary; null: nobody.</param>
    /// <returns>
    /// The same values, to be disposed by the caller; it shares the batch's memory if that has the format already.
    /// </returns>
    public Tensor ApplyTo(Tensor batch, IWorkObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var rows = this == ChannelsLast ? batch.permute(0, 2, 3, 1) : batch;
        var dense = Work.Seen(observer, rows.contiguous);
        return (this == ChannelsLast ? dense.permute(0, 3, 1, 2) : dense.alias()).MoveToOuterDisposeScope();
    }

    /// <summary>The strides, in elements, of a dense tensor of this format.</summary>
    /// <param name="shape">[N, C, H, W].</param>
    /// <exception cref="ArgumentException">Not 4 dimensions.</exception>
    public long[] Strides(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count != 4)
            throw new ArgumentException($"A memory format needs 4 dimensions; there are {shape.Count}.", nameof(shape));
        var (channels, height, width) = (shape[1], shape[2], shape[3]);
        return this == ChannelsLast
            ? [channels * height * width, 1, width * channels, channels]
            : [channels * height * width, height * width, width, 1];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
