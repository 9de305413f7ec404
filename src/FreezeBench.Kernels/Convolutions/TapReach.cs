using System.Runtime.Intrinsics.X86;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>For which 3x3 convolutions <see cref="TapGradient"/> is faster than oneDNN: where the output has at most so many columns.</summary>
/// <param name="WithFewChannels">Columns, with fewer than <see cref="ManyChannels"/> output channels.</param>
/// <param name="WithManyChannels">Columns, with so many or more.</param>
internal sealed record TapReach(int WithFewChannels, int WithManyChannels)
{
    /// <summary>Output channels from which on oneDNN is slow with more columns, too.</summary>
    internal const int ManyChannels = 256;

    /// <summary>On CPUs with AVX2 and without AVX-512. Wider outputs than 16 columns were not measured with any number of channels.</summary>
    internal static readonly TapReach WithAvx2 = new(2, 16);

    /// <summary>On CPUs with AVX-512.</summary>
    internal static readonly TapReach WithAvx512 = new(2, 4);

    /// <summary>On this CPU, as oneDNN tells them apart; null: on other kinds nothing was measured.</summary>
    internal static TapReach? Here { get; } =
        Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported ? WithAvx512 : Avx2.IsSupported && Fma.IsSupported ? WithAvx2 : null;

    /// <summary>Whether a convolution is one of them.</summary>
    /// <param name="channels">Of the output.</param>
    /// <param name="columns">Of the output.</param>
    internal bool Includes(long channels, long columns) => columns <= (channels >= ManyChannels ? WithManyChannels : WithFewChannels);
}
