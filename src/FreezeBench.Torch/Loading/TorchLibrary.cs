using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FreezeBench.Torch.Loading;

/// <summary>Loads libtorch, once per process. Call <see cref="Load"/> first in every Main: it gives the clear message.</summary>
public static class TorchLibrary
{
    private static readonly Lazy<RefusedException?> failure = new(LoadOnce);
    private static RefusedException? wrongConvolutions;
    private static LoadedLibtorch? loaded;

    /// <summary>"cpu" or "cuda": what the libtorch that is loaded can compute on. The packages' is the build's choice (<see cref="TorchBuild"/>).</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static string Backend => Loaded.Backend;

    /// <summary>Version of the libtorch that is loaded, as it says itself; <c>torch.__version__</c> is the one that TorchSharp was built for.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static string Version => Loaded.ChosenVersion ?? torch.__version__;

    internal static LoadedLibtorch Loaded
    {
        get
        {
            Load();
            return loaded!;
        }
    }

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
            var chosen = ChosenLibtorch.Find(Environment.GetEnvironmentVariable(ChosenLibtorch.Variable), platform);
            var backend = chosen?.Backend ?? TorchBuild.Backend;
            var folder = new TorchLoader(platform, AppContext.BaseDirectory, backend, TryLoad, chosen).Load();
            var cpu = Path.Combine(folder, platform.FileName("torch_cpu"));
            var version = chosen is null ? null : LibtorchVersion.Of(LibtorchVersion.Stated(folder), LibtorchVersion.Coded(cpu), chosen);
            if (chosen is not null)
                RequireOne(platform.FileName("torch_cpu"));
            loaded = new LoadedLibtorch(folder, backend, version);
            // A build for CUDA has the same libtorch_cpu, for the device cpu.
            wrongConvolutions = CureConvolutions(backend, () => OneDnnCaches.Correct(cpu));
            _ = Nnpack.SwitchOffWhereUseless(cpu, Path.Combine(folder, platform.FileName("c10")));
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

    internal static string LibtorchCpu(NativePlatform platform) => Path.Combine(Loaded.Folder, platform.FileName("torch_cpu"));

    // TorchSharp searches when it is used first: now, so that what it finds is seen before it computes anything.
    private static void RequireOne(string file)
    {
        RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        if (LoadedLibraries.Of(file, File.ReadLines("/proc/self/maps")) is { Count: > 1 } several)
            throw new RefusedException($"{several.Count} libtorchs are in this process: {string.Join(", ", several)}. Unset {ChosenLibtorch.Variable}, or LD_PRELOAD and LD_LIBRARY_PATH where they bring another one.");
    }

    private static string? TryLoad(string path)
    {
        if (NativeFile.HasNoContent(path))
            return "it is empty, or no regular file";
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
