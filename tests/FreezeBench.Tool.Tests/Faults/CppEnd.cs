using System.Globalization;
using System.Runtime.InteropServices;
using FreezeBench.Faults;
using FreezeBench.Results.Ends;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>A process that an exception of the C++ runtime's own ends, as libtorch's do: no frame of .NET's hands them on.</summary>
internal static unsafe class CppEnd
{
    /// <summary>std::bad_alloc; the same on a thread that .NET has never seen; std::length_error; it, near the limit of the process's data; std::terminate without an exception.</summary>
    internal const string OfMemory = "memory", OnThread = "thread", OfLength = "length", NearLimit = "near", OfNothing = "nothing";

    /// <summary>The exit codes that it asks for.</summary>
    internal const int MemoryCode = 42, OtherCode = 43;

    internal const string Advice = "Pass ‹less›.";

    /// <summary>What std::length_error says: with all that a text in JSON and on a terminal may not have.</summary>
    internal const string Says = "a \"vector\" of \\ \u001b]0;title";

    private const string KindVariable = "FREEZEBENCH_TEST_END", WordVariable = "FREEZEBENCH_TEST_WORD";

    internal static bool IsAsked => Environment.GetEnvironmentVariable(KindVariable) is { Length: > 0 };

    /// <summary>Runs one to its end.</summary>
    /// <param name="kind">Of the constants.</param>
    /// <param name="word">Where it leaves word.</param>
    internal static ProgramRun Of(string kind, string word) =>
        ProgramRun.Of(typeof(CppEnd).Assembly.Location, [], "true", "", new(KindVariable, kind), new(WordVariable, word));

    /// <summary>The process of <see cref="Of"/>.</summary>
    internal static int Run()
    {
        NativeEnd.Watch(MemoryCode, OtherCode);
        NativeEnd.Advise(Advice);
        NativeEnd.LeaveWordAt(Environment.GetEnvironmentVariable(WordVariable)!);
        var cpp = NativeLibrary.Load("libstdc++.so.6");
        var badAlloc = NativeLibrary.GetExport(cpp, "_ZSt17__throw_bad_allocv");
        switch (Environment.GetEnvironmentVariable(KindVariable))
        {
            case OfMemory:
                ((delegate* unmanaged<void>)badAlloc)();
                break;
            case OnThread:
                nint thread;
                _ = ((delegate* unmanaged<nint*, nint, nint, nint, int>)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "pthread_create"))(&thread, 0, badAlloc, 0);
                _ = ((delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "pthread_join"))(thread, 0);
                break;
            case OfLength or NearLimit:
                if (Environment.GetEnvironmentVariable(KindVariable) == NearLimit)
                    LimitData();
                ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(cpp, "_ZSt20__throw_length_errorPKc"))(Marshal.StringToCoTaskMemUTF8(Says));
                break;
            default:
                ((delegate* unmanaged<void>)NativeLibrary.GetExport(cpp, "_ZSt9terminatev"))();
                break;
        }
        return 0;
    }

    // To a tenth more than is in use.
    private static void LimitData()
    {
        var used = ulong.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmData:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
        var limits = stackalloc ulong[] { used + (used / 10), ulong.MaxValue };
        _ = ((delegate* unmanaged<int, ulong*, int>)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "setrlimit"))(2, limits);
    }
}
