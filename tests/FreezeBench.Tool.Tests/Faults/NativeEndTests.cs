using FreezeBench.Faults;
using FreezeBench.Results.Ends;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>A process that an uncaught exception of C++ ends says so in one line, with an exit code of ours and a word for who started it.</summary>
public sealed class NativeEndTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-end-").FullName;

    private string Word => Path.Combine(folder, "word.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(CppEnd.OfMemory)]
    [InlineData(CppEnd.OnThread)]
    public void FullMemory_IsTold_WithWhatToDo_OnWhateverThread(string kind)
    {
        var run = Ended(kind);

        Assert.Equal($"Error: the memory that this process may have is used up, and a library has ended it by std::bad_alloc: std::bad_alloc. {CppEnd.Advice}\n", run.Errors);
        Assert.Equal(CppEnd.MemoryCode, run.ExitCode);
        Assert.Equal(new EndWord("std::bad_alloc", "std::bad_alloc", OfMemory: true), EndWord.Read(Word));
    }

    [Fact]
    public void OtherException_IsNotTakenForMemory_AndItsWordsAreHarmless()
    {
        var run = Ended(CppEnd.OfLength);

        const string said = "a 'vector' of / ?]0;title";
        Assert.Equal($"Failed: a library has ended this process by std::length_error: {said}. What was written before is there.\n", run.Errors);
        Assert.Equal(CppEnd.OtherCode, run.ExitCode);
        Assert.Equal(new EndWord("std::length_error", said, OfMemory: false), EndWord.Read(Word));
    }

    [Fact]
    public void NearALimit_EveryExceptionIsOfMemory()
    {
        var run = Ended(CppEnd.NearLimit);

        Assert.Matches("^Error: the memory that this process may have is used up [(][0-9]+ of [0-9]+ MiB[)], and a library has ended it by std::length_error: ", run.Errors);
        Assert.Equal(CppEnd.MemoryCode, run.ExitCode);
    }

    [Fact]
    public void TerminateWithoutAnException_IsToldToo()
    {
        var run = Ended(CppEnd.OfNothing);

        Assert.Equal("Failed: a library has ended this process by std::terminate: it says nothing more. What was written before is there.\n", run.Errors);
        Assert.Equal(CppEnd.OtherCode, run.ExitCode);
    }

    [Fact]
    public void WordThatIsNone_IsRead_AsNone()
    {
        Assert.Null(EndWord.Read(Word));
        File.WriteAllText(Word, "{\"Type\":\"std::ba");
        Assert.Null(EndWord.Read(Word));
    }

    private ProgramRun Ended(string kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ProgramRun.HasShell, "The C++ runtime's hook is set on Linux alone.");
        return CppEnd.Of(kind, Word);
    }
}
