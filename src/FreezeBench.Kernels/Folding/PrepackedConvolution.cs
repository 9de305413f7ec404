using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using FreezeBench.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// Convolutions for inference by oneDNN, with weights that were brought into its order once, and with what follows the
/// convolution done in the same pass over its output: ReLU, or an addition and ReLU.
/// </summary>
/// <remarks>
/// <para><c>conv2d</c> brings its weights into oneDNN's blocked order at every call: for a frozen network the same work again
/// in every step. libtorch's operators that take them in that order (<c>mkldnn::_convolution_pointwise</c> and
/// <c>mkldnn::_reorder_convolution_weight</c>, which torch.compile uses for frozen graphs) are no exported functions, and the
/// text that <c>torch.jit.compile</c> takes cannot name them; a TorchScript file can. So one of a few lines is written and loaded.</para>
/// <para>oneDNN's ReLU is the larger of a number and 0, and of NaN it makes 0, where <c>relu</c> leaves NaN: a network that is broken would look as if it
/// were not. So ReLU is left to them only where there is no NaN (<see cref="ActivationBound"/>).</para>
/// <para>ResNet-18's folded backbone at 32 px, batch 128, with all its convolutions by these, two cores with AVX-512, in turn: 24.1 ms instead of 28.3. The same
/// operators with weights in their usual order: 28.3, so it is the order that counts.</para>
/// </remarks>
internal static class PrepackedConvolution
{
    // Which order is best is oneDNN's choice by the shape of the input; always the same count of images, so that the order,
    // and with it the bits of the output, do not depend on which batch came first.
    private const int PlannedImages = 32;

    // Stride and padding of every convolution of a ResNet: TorchSharp passes no lists of numbers to TorchScript.
    private static readonly (long Stride, long Padding)[] places = [(1, 0), (2, 0), (1, 1), (2, 1), (2, 3)];

    private static readonly Lazy<jit.ScriptModule?> operators = new(Load);

    /// <summary>
    /// Whether these operators take this convolution: float32, channels last, on a CPU of type x64, which is how they were
    /// measured, in a libtorch that has them.
    /// </summary>
    /// <param name="weight">[out, in, K, K].</param>
    /// <param name="stride">Of the convolution.</param>
    /// <param name="padding">Of the convolution.</param>
    internal static bool Takes(Tensor weight, long[] stride, long[] padding) =>
        weight.device_type == DeviceType.CPU && weight.dtype == ScalarType.Float32 && weight.stride(1) == 1 && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && Array.Exists(places, place => stride.All(step => step == place.Stride) && padding.All(width => width == place.Padding))
        && operators.Value is not null;

    /// <summary>Brings weights into oneDNN's order for inputs of this height and width; with others they work, too.</summary>
    /// <returns>A tensor that only the operators below can read; in the caller's dispose scope.</returns>
    internal static Tensor Pack(Tensor weight, long[] stride, long[] padding, Tensor input) => Call("pack", stride, padding, weight, input);

    /// <param name="input">float32 [N, in, H, W].</param>
    /// <param name="packed">Of <see cref="Pack"/>.</param>
    /// <param name="bias">float32 [out].</param>
    /// <param name="stride">As packed.</param>
    /// <param name="padding">As packed.</param>
    /// <param name="relu">Whether ReLU follows, which makes 0 of NaN.</param>
    /// <returns>float32 [N, out, H', W'] in the input's memory format; in the caller's dispose scope.</returns>
    internal static Tensor Run(Tensor input, Tensor packed, Tensor bias, long[] stride, long[] padding, bool relu) =>
        Call(relu ? "relu" : "plain", stride, padding, input, packed, bias);

    /// <summary>ReLU of the convolution and another tensor's sum, written into the other; 0 where the sum is NaN.</summary>
    /// <param name="input">float32 [N, in, H, W].</param>
    /// <param name="other">float32 [N, out, H', W']; holds the result afterwards.</param>
    /// <param name="packed">Of <see cref="Pack"/>.</param>
    /// <param name="bias">float32 [out].</param>
    /// <param name="stride">As packed.</param>
    /// <param name="padding">As packed.</param>
    /// <returns>Another handle of <paramref name="other"/>, in the caller's dispose scope.</returns>
    internal static Tensor RunOnto(Tensor input, Tensor other, Tensor packed, Tensor bias, long[] stride, long[] padding) =>
        Call("onto", stride, padding, input, other, packed, bias);

    private static Tensor Call(string name, long[] stride, long[] padding, params object[] arguments) =>
        (Tensor)operators.Value!.invoke(FormattableString.Invariant($"{name}_{stride[0]}_{padding[0]}"), arguments)!;

    private static jit.ScriptModule? Load()
    {
        TorchLibrary.Load();
        using var content = new MemoryStream();
        Write(content);
        // In memory where the system has such files: a node of a cluster may have no temporary folder that can be written.
        using var inMemory = OperatingSystem.IsLinux() ? CuredLibrary.InMemory("freezebench-operators", content.ToArray()) : null;
        return inMemory is not null ? Load(inMemory.Path) : LoadFromDisk(content.ToArray());
    }

    private static jit.ScriptModule? LoadFromDisk(byte[] content)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, content);
            return Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static jit.ScriptModule? Load(string path)
    {
        try
        {
            return jit.load(path);
        }
        // A libtorch without oneDNN does not know the operators: conv2d then does the work, as everywhere else.
        catch (ExternalException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes the least that <c>torch.jit.load</c> reads: code, one object of its class, no constants, the layout's version.
    /// The object is a pickle of protocol 2 (opcodes: CPython's Lib/pickletools.py) with one attribute, <c>training</c> = true.
    /// </summary>
    private static void Write(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        void Add(string name, ReadOnlySpan<byte> bytes)
        {
            using var entry = archive.CreateEntry($"operators/{name}", CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }
        Add("data.pkl", [0x80, 2, .. "c__torch__\nM\n)"u8, 0x81, .. "}(X\x08\0\0\0training"u8, 0x88, .. "ub."u8]);
        Add("code/__torch__.py", Encoding.ASCII.GetBytes(Code()));
        Add("constants.pkl", [0x80, 2, .. ")."u8]);
        Add("version", "3\n"u8);
    }

    private static string Code()
    {
        const string None = "annotate(List[Optional[number]], [])";
        var code = new StringBuilder("""
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

            """.ReplaceLineEndings("\n"));
        void Method(string name, string inputs, string result) =>
            code.Append(CultureInfo.InvariantCulture, $"  def {name}(self: __torch__.M, {inputs}) -> Tensor:\n    return {result}\n");
        foreach (var (stride, padding) in places)
        {
            var place = FormattableString.Invariant($"[{padding}, {padding}], [{stride}, {stride}], [1, 1], 1");
            var suffix = FormattableString.Invariant($"{stride}_{padding}");
            Method(
                $"pack_{suffix}", "weight: Tensor, x: Tensor",
                FormattableString.Invariant($"ops.mkldnn._reorder_convolution_weight(weight, {place}, [{PlannedImages}, torch.size(x, 1), torch.size(x, 2), torch.size(x, 3)])"));
            foreach (var (name, after) in (ReadOnlySpan<(string, string)>)[("plain", "none"), ("relu", "relu")])
                Method($"{name}_{suffix}", "x: Tensor, weight: Tensor, bias: Tensor", $"ops.mkldnn._convolution_pointwise(x, weight, bias, {place}, \"{after}\", {None}, None)");
            Method(
                $"onto_{suffix}", "x: Tensor, other: Tensor, weight: Tensor, bias: Tensor",
                $"ops.mkldnn._convolution_pointwise_(other, x, weight, bias, {place}, \"add\", 1., \"relu\", {None}, None)");
        }
        return code.ToString();
    }
}
