using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace FreezeBench.Tests.Fitting;

/// <summary>What TorchSharp throws where libtorch fails: this type for everything, with libtorch's words.</summary>
internal static class LibtorchFailure
{
    /// <summary>libtorch's own words for a GPU whose memory is full.</summary>
    internal const string OutOfMemory = "CUDA out of memory. Tried to allocate 1.95 GiB. GPU 0 has a total capacity of 14.57 GiB of which 1.58 GiB is free. Process 2493055 has 12.02 GiB memory in use. "
        + "Including non-PyTorch memory, this process has 966.00 MiB memory in use. Of the allocated memory 734.07 MiB is allocated by PyTorch, and 33.93 MiB is reserved by PyTorch but unallocated.";

    [SuppressMessage("Usage", "CA2201", Justification = "The exception that TorchSharp throws is the one to be told apart from others of its type.")]
    internal static ExternalException Of(string message = OutOfMemory) => new(message);
}
