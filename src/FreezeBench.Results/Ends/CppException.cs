namespace FreezeBench.Results.Ends;

/// <summary>A C++ exception that nobody has caught: its type, and what it says.</summary>
/// <remarks>
/// Layouts are those of the Itanium C++ ABI, which GCC follows on x64 and ARM64, and of libstdc++'s unwind-cxx.h where that leaves the
/// header to the library.
/// </remarks>
internal readonly unsafe struct CppException
{
    // Bytes of libstdc++'s __cxa_exception, which lies before what was thrown, and where the mark of its maker is in it.
    private const int HeaderBytes = 112, MakerOffset = 80;

    // "GNUCC++" and a 0: it was thrown; a 1: it was thrown again from a std::exception_ptr, and the header begins with what points to it.
    private const ulong Thrown = 0x474E5543432B2B00, ThrownAgain = Thrown + 1;

    private const int MostType = 256;

    // One is told in a process.
    private static NativeText readable = new(MostType);

    /// <summary>As C++ writes it, ended by 0; null: there is no exception.</summary>
    internal byte* Type { get; private init; }

    /// <summary>Of one that derives from std::exception; null: it does not, or says nothing.</summary>
    internal byte* What { get; private init; }

    /// <summary>Whether it says in so many words that memory was short.</summary>
    internal bool TellsOfMemory { get; private init; }

    /// <summary>The one that this thread handles.</summary>
    internal static CppException Current(in NativeFunctions functions)
    {
        var type = functions.ExceptionType();
        if (type is null)
            return Told(null, null);
        // std::type_info: the table of its functions, its name.
        var name = (byte*)type[1];
        return Told(name, Derives(type, in functions) ? Said(in functions) : null);
    }

    private static CppException Told(byte* name, byte* what)
    {
        readable.Clear();
        if (name is not null)
            Write(name);
        readable.Add(0);
        return new()
        {
            Type = name is null ? null : readable.Bytes,
            What = what,
            TellsOfMemory = (name is not null && Contains(name, "bad_alloc"u8))
                || (what is not null && (Contains(what, "out of memory"u8) || Contains(what, "allocate memory"u8) || Contains(what, "bad_alloc"u8) || Contains(what, "not enough memory"u8))),
        };
    }

    // By bases that lie at the beginning of what derives from them: then the table of functions is the same.
    private static bool Derives(nint* type, in NativeFunctions functions)
    {
        while ((nint)type != functions.StandardException)
        {
            if (type[0] != functions.ClassWithOneBase)
                return false;
            type = (nint*)type[2];
        }
        return true;
    }

    private static byte* Said(in NativeFunctions functions)
    {
        var header = *functions.Exceptions();
        if (header is null)
            return null;
        var exception = *(ulong*)((byte*)header + MakerOffset) switch
        {
            Thrown => (nint**)((byte*)header + HeaderBytes),
            ThrownAgain => (nint**)header[0],
            _ => null,
        };
        // Two destructors come first in a class's table; what() is std::exception's only other one.
        return exception is null ? null : ((delegate* unmanaged<nint**, byte*>)(*exception)[2])(exception);
    }

    // What is common of names of types: std::, name::name, pointers. Of others the name as it is.
    private static void Write(byte* name)
    {
        var rest = name;
        var pointers = 0;
        for (; *rest == 'P'; rest++)
            pointers++;
        var isStandard = rest[0] == 'S' && rest[1] == 't';
        rest += isStandard ? 2 : *rest == 'N' ? 1 : 0;
        if (!isStandard && rest[0] == 'S' && rest[1] == 't')
        {
            isStandard = true;
            rest += 2;
        }
        if (isStandard)
            readable.Add("std::"u8);
        for (var first = true; *rest is >= (byte)'1' and <= (byte)'9'; first = false)
        {
            var length = 0;
            for (; *rest is >= (byte)'0' and <= (byte)'9'; rest++)
                length = Math.Min(MostType, (length * 10) + *rest - '0');
            if (!first)
                readable.Add("::"u8);
            for (; length > 0 && *rest != 0; length--, rest++)
                readable.Add(*rest);
        }
        if (*rest is not (0 or (byte)'E'))
        {
            readable.Clear();
            readable.AddAll(name);
        }
        for (; pointers > 0; pointers--)
            readable.Add((byte)'*');
    }

    private static bool Contains(byte* text, ReadOnlySpan<byte> word)
    {
        for (; *text != 0; text++)
        {
            var index = 0;
            while (index < word.Length && text[index] != 0 && (text[index] | 0x20) == (word[index] | 0x20))
                index++;
            if (index == word.Length)
                return true;
        }
        return false;
    }
}
