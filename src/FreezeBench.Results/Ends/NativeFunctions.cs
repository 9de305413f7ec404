using System.Runtime.InteropServices;

namespace FreezeBench.Results.Ends;

/// <summary>Functions of the C and C++ runtime by their addresses: to look them up takes memory, which may be what is missing when they are called.</summary>
internal readonly unsafe struct NativeFunctions
{
    /// <summary>std::set_terminate.</summary>
    internal readonly delegate* unmanaged<delegate* unmanaged<void>, nint> SetTerminate { get; private init; }

    /// <summary>Of the exception that is being handled, its std::type_info; null: there is none.</summary>
    internal readonly delegate* unmanaged<nint*> ExceptionType { get; private init; }

    /// <summary>The thread's exceptions (Itanium C++ ABI: Exception Handling, 2.2.2).</summary>
    internal readonly delegate* unmanaged<nint**> Exceptions { get; private init; }

    /// <summary>std::type_info of std::exception.</summary>
    internal nint StandardException { get; private init; }

    /// <summary>Where the tables of functions begin of type_infos of classes with one base at their start.</summary>
    internal nint ClassWithOneBase { get; private init; }

    private delegate* unmanaged<int, byte*, nint, nint> WriteFunction { get; init; }

    private delegate* unmanaged<int, byte*, nint, nint> ReadFunction { get; init; }

    private delegate* unmanaged<byte*, int, int> OpenFunction { get; init; }

    private delegate* unmanaged<byte*, uint, int> CreateFunction { get; init; }

    private delegate* unmanaged<int, int> CloseFunction { get; init; }

    private delegate* unmanaged<int, ulong*, int> GetLimitFunction { get; init; }

    private delegate* unmanaged<int, ulong*, int> SetLimitFunction { get; init; }

    private delegate* unmanaged<int> PauseFunction { get; init; }

    private delegate* unmanaged<int, void> ExitFunction { get; init; }

    /// <summary>All of them; null where one is missing, as on a system with other libraries.</summary>
    internal static NativeFunctions? Find()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out var c) || !NativeLibrary.TryLoad("libstdc++.so.6", out var cpp))
            return null;
        var missing = false;
        nint Of(nint library, string name)
        {
            missing |= !NativeLibrary.TryGetExport(library, name, out var address);
            return address;
        }
        var found = new NativeFunctions
        {
            SetTerminate = (delegate* unmanaged<delegate* unmanaged<void>, nint>)Of(cpp, "_ZSt13set_terminatePFvvE"),
            ExceptionType = (delegate* unmanaged<nint*>)Of(cpp, "__cxa_current_exception_type"),
            Exceptions = (delegate* unmanaged<nint**>)Of(cpp, "__cxa_get_globals"),
            StandardException = Of(cpp, "_ZTISt9exception"),
            // Behind the offset to the top and the type_info (Itanium C++ ABI, 2.5.2).
            ClassWithOneBase = Of(cpp, "_ZTVN10__cxxabiv120__si_class_type_infoE") + (2 * sizeof(nint)),
            WriteFunction = (delegate* unmanaged<int, byte*, nint, nint>)Of(c, "write"),
            ReadFunction = (delegate* unmanaged<int, byte*, nint, nint>)Of(c, "read"),
            OpenFunction = (delegate* unmanaged<byte*, int, int>)Of(c, "open"),
            CreateFunction = (delegate* unmanaged<byte*, uint, int>)Of(c, "creat"),
            CloseFunction = (delegate* unmanaged<int, int>)Of(c, "close"),
            GetLimitFunction = (delegate* unmanaged<int, ulong*, int>)Of(c, "getrlimit"),
            SetLimitFunction = (delegate* unmanaged<int, ulong*, int>)Of(c, "setrlimit"),
            PauseFunction = (delegate* unmanaged<int>)Of(c, "pause"),
            ExitFunction = (delegate* unmanaged<int, void>)Of(c, "_exit"),
        };
        return missing ? null : found;
    }

    internal nint Write(int file, byte* bytes, nint count) => WriteFunction(file, bytes, count);

    /// <summary>Reads what fits from a file's beginning.</summary>
    /// <returns>Bytes; 0 or less where it cannot be read.</returns>
    internal nint Read(ReadOnlySpan<byte> path, byte* bytes, nint count)
    {
        int file;
        // Literals in UTF-8 end with a 0 behind them.
        fixed (byte* name = path)
            file = OpenFunction(name, 0);
        if (file < 0)
            return 0;
        var read = ReadFunction(file, bytes, count);
        _ = CloseFunction(file);
        return read;
    }

    internal int Create(byte* path, uint mode) => CreateFunction(path, mode);

    /// <summary>getrlimit(2): the soft limit, and the hard one behind it.</summary>
    internal bool GetLimit(int resource, ulong* limits) => GetLimitFunction(resource, limits) == 0;

    internal void SetLimit(int resource, ulong* limits) => _ = SetLimitFunction(resource, limits);

    internal void WaitForEver()
    {
        while (true)
            _ = PauseFunction();
    }

    /// <summary>_exit(2): nothing tidies up.</summary>
    internal void Exit(int code) => ExitFunction(code);
}
