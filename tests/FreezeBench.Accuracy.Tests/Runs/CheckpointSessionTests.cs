using FreezeBench.Accuracy.Runs;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

public sealed class CheckpointSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.File("checkpoints");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FolderThatAKilledProgramLeft_GoesWithTheNextCommand_AndNoOther()
    {
        using var root = new TemporaryFolder();
        var (dead, young, others) = (root.File("0123456789abcdef-20260101T000000Z-00000001"), root.File("0123456789abcdef-20260101T000000Z-00000002"), root.File("photos"));
        foreach (var folder in new[] { dead, young, others })
            Directory.CreateDirectory(folder);
        Directory.SetLastWriteTimeUtc(dead, DateTime.UtcNow - TimeSpan.FromHours(1));
        Directory.SetLastWriteTimeUtc(others, DateTime.UtcNow - TimeSpan.FromHours(1));
        using var session = CheckpointSession.Begin(root.Path, "0123456789abcdef", new SessionRecord("20260203T040506Z-00000003", "x", 0));
        Assert.Equal((false, true, true), (Directory.Exists(dead), Directory.Exists(young), Directory.Exists(others)));
    }

    [Fact]
    public void Resume_GoesOnWithTheNewestSessionOfTheRequest_AndCounts()
    {
        Leave("fingerprint", "20260101T000000Z-00000000", "older");
        Leave("fingerprint", "20260102T000000Z-00000000", "newer");
        Leave("another", "20260103T000000Z-00000000", "other");

        using (var session = CheckpointSession.Resume(Root, "fingerprint"))
            Assert.Equal(("20260102T000000Z-00000000", "newer", 1), (session.Record.RunId, session.Record.Command, session.Record.Resumptions));
        using (var session = CheckpointSession.Resume(Root, "fingerprint"))
            Assert.Equal(2, session.Record.Resumptions);
    }

    [Fact]
    public void Resume_PassesOverASessionThatSomebodyWorksOn()
    {
        Leave("fingerprint", "20260101T000000Z-00000000", "older");
        using var busy = CheckpointSession.Begin(Root, "fingerprint", new SessionRecord("20260102T000000Z-00000000", "newer", 0));

        using var session = CheckpointSession.Resume(Root, "fingerprint");

        Assert.Equal("older", session.Record.Command);
    }

    [Fact]
    public void Resume_SaysThatTheCommandIsStillRunning()
    {
        using var busy = CheckpointSession.Begin(Root, "fingerprint", new SessionRecord("20260102T000000Z-00000000", "command", 0));

        Assert.Equal("--resume was asked for, but the same command is still running.", Refusal());
    }

    // Of a command that was killed a moment ago the system still holds the lock, until all of its memory is given back.
    [Fact]
    public void Resume_WaitsForACommandThatIsEnding()
    {
        CheckpointSession? resumed = null;
        // No task: xUnit would go on with this test when another one gives it a thread, and nobody waits as long.
        var thread = new Thread(() => resumed = CheckpointSession.Resume(Root, "fingerprint"));
        using (CheckpointSession.Begin(Root, "fingerprint", new SessionRecord("20260102T000000Z-00000000", "command", 0)))
        {
            thread.Start();
            Assert.False(thread.Join(TimeSpan.FromMilliseconds(200)));
        }
        thread.Join();
        using (resumed)
            Assert.Equal(1, resumed!.Record.Resumptions);
    }

    [Fact]
    public void Resume_WithNothingThere_SaysSo()
    {
        var message = Refusal();

        Assert.Contains("no interrupted run of this command", message, StringComparison.Ordinal);
        Assert.Contains(Root, message, StringComparison.Ordinal);
        Assert.DoesNotContain("What is there", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OfAnotherRequest_ListsWhatIsThere()
    {
        Leave("another", "20260101T000000Z-00000000", "--epochs 3");
        Leave("third", "20260101T000000Z-00000000", "--epochs 4");

        Assert.Contains("\nWhat is there:\n  --epochs 3\n  --epochs 4\n", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"RunId\":\"\",\"Command\":\"x\",\"Resumptions\":0}")]
    public void DamagedRecord_IsNamed_EveryTime(string content)
    {
        Leave("fingerprint", "20260101T000000Z-00000000", "command");
        var path = Directory.GetFiles(Root, "session.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(path, content);

        for (var time = 0; time < 2; time++)
        {
            Assert.StartsWith($"{path} is damaged: ", Refusal(), StringComparison.Ordinal);
            Assert.EndsWith($"Remove the folder {Path.GetDirectoryName(path)}.", Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CommandWithoutAnyOption_CanBeResumed()
    {
        Leave("fingerprint", "20260101T000000Z-00000000", "");

        using var session = CheckpointSession.Resume(Root, "fingerprint");

        Assert.Equal("", session.Record.Command);
    }

    [Fact]
    public void Finish_LeavesNothing()
    {
        using var session = CheckpointSession.Begin(Root, "fingerprint", new SessionRecord("20260101T000000Z-00000000", "command", 0));

        session.Finish();

        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public void FolderThatCannotBeUsed_IsNamed()
    {
        File.WriteAllText(Root, "a file");

        var message = Assert.Throws<UserErrorException>(() => Leave("fingerprint", "id", "command")).Message;

        Assert.Contains($"The checkpoint folder {Root} cannot be used", message, StringComparison.Ordinal);
        Assert.Contains("--checkpoint-dir", message, StringComparison.Ordinal);
    }

    private void Leave(string fingerprint, string runId, string command) => CheckpointSession.Begin(Root, fingerprint, new SessionRecord(runId, command, 0)).Dispose();

    private string Refusal() => Assert.Throws<UserErrorException>(() => CheckpointSession.Resume(Root, "fingerprint")).Message;
}
