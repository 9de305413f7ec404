using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>Loads libtorch, once per process. Call <see cref="Load"/> first in every Main: it gives the clear message.</summary>
public static class TorchLibrary
{
    private static readonly Lazy<RefusedException?> failure = new(LoadOnce);
    private static RefusedException? wrongConvolutions;

    /// <summary>Loads libtorch, or does nothing where it is loaded. Safe from several threads.</summary>
    /// <exception cref="RefusedException">Why it cannot be loaded, and what to do; every call throws it again.</exception>
    public static void Load()
    {
        // A new exception each time: throwing one object from two threads would mix up its stack traces.
        if (failure.Value is { } reason)
            throw new RefusedException(reason.MarkedMessage, reason);
    }

    /// <summary>Refuses to compute on the CPU where its convolutions would be wrong; of a program that was built for the CPU, <see cref="Load"/> does so.</summary>
    /// <exception cref="RefusedException">Why, and what to do.</exception>
    internal static void RequireSoundConvolutions()
    {
        Load();
        if (wrongConvolutions is { } reason)
            throw new RefusedException(reason.MarkedMessage, reason);
    }

    /// <summary>Cures the CPU's convolutions in every build; where that fails, a build for CUDA can still be used on a GPU.</summary>
    /// <param name="backend">"cpu" or "cuda".</param>
    /// <param name="correct">Puts right what oneDNN believes of the caches.</param>
    /// <returns>Why the CPU is not to be used in a build for CUDA; null: nothing is known against it.</returns>
    /// <exception cref="RefusedException">A build for the CPU is of no use.</exception>
    internal static RefusedException? CureConvolutions(string backend, Action correct)
    {
        try
        {
            correct();
            return null;
        }
        catch (RefusedException reason) when (backend == "cuda")
        {
            return reason;
        }
    }

    // Loads for the code that has no Main of its own (tests, the process of a benchmark case). It must not throw: whoever touched
    // the first type of this assembly would see a TypeInitializationException in place of the message.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp's own look-up fails before any code of ours is asked.")]
    internal static void LoadWithAssembly() => _ = failure.Value;

    private static RefusedException? LoadOnce()
    {
        try
        {
            var platform = NativePlatform.Current();
            new TorchLoader(platform, AppContext.BaseDirectory, TorchBuild.Backend, TryLoad).Load();
            // A build for CUDA has the same libtorch_cpu, for the device cpu.
            wrongConvolutions = CureConvolutions(TorchBuild.Backend, () => OneDnnCaches.Correct(LibtorchCpu(platform)));
            return null;
        }
        catch (RefusedException error)
        {
            return error;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new RefusedException($"libtorch's files cannot be read or written: {error.Message}", error);
        }
    }

    /// <summary>Path of the libtorch_cpu that is loaded.</summary>
    internal static string LibtorchCpu(NativePlatform platform)
    {
        var file = platform.FileName("torch_cpu");
        string[] candidates = [Path.Combine(AppContext.BaseDirectory, "runtimes", platform.Rid, "native", file), Path.Combine(AppContext.BaseDirectory, file)];
        return Array.Find(candidates, File.Exists) ?? throw new RefusedException($"{file} is missing: looked for {string.Join(" and ", candidates)}.");
    }

    private static string? TryLoad(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // .NET puts a line of advice before the system's own words, where there are more lines than one.
            var advice = error.Message.IndexOf('\n', StringComparison.Ordinal);
            return error.Message[(advice + 1)..].Trim();
        }
    }
}
