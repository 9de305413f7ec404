using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Results.Ends;

/// <summary>
/// The end of a process by a C++ exception that nobody catches, told in one line and by an exit code of ours. Left alone, it is
/// std::terminate: two lines of the C++ runtime's and exit code 134.
/// </summary>
/// <remarks>
/// <para>TorchSharp passes on what derives from c10::Error and std::runtime_error. Of std::bad_alloc, and of oneDNN's dnnl::error, which is what a
/// full memory is where code for a new shape of tensors is to be made, .NET's frames hand nothing on.</para>
/// <para>On Linux with glibc and libstdc++; elsewhere the process ends as it would. Nothing is allocated in the end itself, and all of it has
/// run once before, so that there is nothing left to compile.</para>
/// </remarks>
public static unsafe class NativeEnd
{
    private const int MostText = 4096;

    // Of the file that is left for another process: the user's alone.
    private const uint Mode = 0x180;

    // The thread that comes second waits for the first to end the process.
    private static int ending;
    private static bool rehearses;
    private static int memoryCode, otherCode;
    private static NativeFunctions functions;
    private static NativeText line, word;
    private static byte* remedy, wordPath;

    /// <summary>Whether ends are told here.</summary>
    public static bool IsWatched { get; private set; }

    /// <summary>From now on. A second call changes the exit codes.</summary>
    /// <param name="memoryIsShort">Exit code where memory was what was missing.</param>
    /// <param name="otherwise">Exit code of other ends.</param>
    public static void Watch(int memoryIsShort, int otherwise)
    {
        (memoryCode, otherCode) = (memoryIsShort, otherwise);
        if (IsWatched || !OperatingSystem.IsLinux() || !Environment.Is64BitProcess || NativeFunctions.Find() is not { } found)
            return;
        functions = found;
        (line, word) = (new NativeText(MostText), new NativeText(MostText));
        if (remedy is null)
            Advise(SystemRefusal.MemoryRemedy);
        rehearses = true;
        ((delegate* unmanaged<void>)&End)();
        rehearses = false;
        functions.SetTerminate(&End);
        IsWatched = true;
    }

    /// <summary>What to do where memory was short, from now on; a sentence of any length that one line can hold.</summary>
    /// <param name="sentence">The end of the message. Line ends become spaces.</param>
    public static void Advise(string sentence)
    {
        // The one before is not freed: the end may be under way on another thread. There are as many as there are kinds of work.
        remedy = Kept(sentence.ReplaceLineEndings(" "));
    }

    /// <summary>Where the end leaves word for another process: a JSON object with Type, Message and OfMemory.</summary>
    /// <param name="path">In a folder that is there.</param>
    public static void LeaveWordAt(string path) => wordPath = Kept(path);

    [UnmanagedCallersOnly]
    private static void End()
    {
        if (!rehearses && Interlocked.Exchange(ref ending, 1) != 0)
            functions.WaitForEver();
        var thrown = CppException.Current(in functions);
        // What is asked and written from here on may need a page.
        var limits = MemoryLimits.Lift(in functions, lift: !rehearses);
        var ofMemory = thrown.TellsOfMemory || limits.AreReached;
        Compose(in thrown, in limits, ofMemory);
        if (rehearses)
            return;
        if (wordPath is not null && functions.Create(wordPath, Mode) is >= 0 and var file)
            word.WriteTo(file, in functions);
        line.WriteTo(2, in functions);
        functions.Exit(ofMemory ? memoryCode : otherCode);
    }

    private static void Compose(in CppException thrown, in MemoryLimits limits, bool ofMemory)
    {
        line.Clear();
        line.Add(ofMemory ? "Error: the memory that this process may have is used up"u8 : "Failed: a library has ended this process"u8);
        if (limits.AreReached)
        {
            line.Add(" ("u8);
            line.Add(limits.UsedBytes >> 20);
            line.Add(" of "u8);
            line.Add(limits.LimitBytes >> 20);
            line.Add(" MiB)"u8);
        }
        line.Add(ofMemory ? ", and a library has ended it by "u8 : " by "u8);
        word.Clear();
        word.Add("{\"Type\":\""u8);
        AddBoth(thrown.Type, "std::terminate"u8);
        line.Add(": "u8);
        word.Add("\",\"Message\":\""u8);
        AddBoth(thrown.What, "it says nothing more"u8);
        word.Add("\",\"OfMemory\":"u8);
        word.Add(ofMemory ? "true}"u8 : "false}"u8);
        line.Add(". "u8);
        if (ofMemory)
            line.AddAll(remedy);
        else
            line.Add("What was written before is there."u8);
        line.Add("\n"u8);
    }

    // null: what is said otherwise.
    private static void AddBoth(byte* text, ReadOnlySpan<byte> otherwise)
    {
        if (text is null)
        {
            line.Add(otherwise);
            word.Add(otherwise);
            return;
        }
        line.AddForeign(text);
        word.AddForeign(text);
    }

    private static byte* Kept(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var kept = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(kept, bytes.Length));
        kept[bytes.Length] = 0;
        return kept;
    }
}
