using System.Globalization;
using System.Text;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Merging;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using Xunit;

namespace FreezeBench.Results.Tests.Verification;

public sealed class VerificationFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    private static DeviceVerification Example { get; } = new()
    {
        SchemaVersion = 1,
        EnvironmentId = Examples.Cpu.Id,
        Device = "cpu",
        Commit = "0123456789abcdef0123456789abcdef01234567",
        Dirty = false,
        UtcTime = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        DurationS = 42.5,
        Checks =
        [
            VerifiedCheck.Of("facts", CheckFinding.Of(new VerifiedFigure("cores", 2) { AtLeast = 1 }), TimeSpan.FromSeconds(0.5)),
            VerifiedCheck.Of("training-fp32", CheckFinding.Of(new VerifiedFigure("error", double.NaN) { AtMost = 0.01 }), TimeSpan.FromSeconds(3)),
            VerifiedCheck.Of("tf32-switches", CheckFinding.NotApplicable("needs CUDA"), TimeSpan.Zero),
        ],
    };

    [Fact]
    public void File_ReadsBackWhatWasWritten_InAnyCulture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var bytes = VerificationFile.Render(Example);
            var read = VerificationFile.Read(temporary.File("verification.json", Encoding.UTF8.GetString(bytes)));

            Assert.Equal(bytes, VerificationFile.Render(read));
            Assert.Equal(Example.UtcTime, read.UtcTime);
            Assert.False(read.Passed);
            Assert.Equal("error is NaN; at most 0.01 passes", read.Find("training-fp32")!.Reason);
            Assert.Contains("\"outcome\": \"not_applicable\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ByteOrderMark_IsNoPartOfTheText() =>
        Assert.Equal(Example.UtcTime, VerificationFile.Read(temporary.File("verification.json", "\uFEFF" + Encoding.UTF8.GetString(VerificationFile.Render(Example)))).UtcTime);

    // A record takes a missing text for null, which nobody could write again.
    [Theory]
    [InlineData("          \"name\": \"cores\",\n")]
    [InlineData("          \"value\": 2,\n")]
    [InlineData("      \"name\": \"facts\",\n")]
    public void FileWithoutAValueThatItNeeds_IsRefused(string line)
    {
        var text = Encoding.UTF8.GetString(VerificationFile.Render(Example));
        Assert.Contains(line, text, StringComparison.Ordinal);

        var error = Assert.Throws<UserErrorException>(() => VerificationFile.Read(temporary.File("verification.json", text.Replace(line, "", StringComparison.Ordinal))));

        Assert.Contains("this is no verification of a device: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing required properties", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LineOfACheck_ReadsBack()
    {
        var line = VerificationFile.Line(Example.Checks[1]);

        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, VerificationFile.Line(VerificationFile.OfLine(line)));
    }

    [Theory]
    [InlineData("\"schema_version\": 1", "\"schema_version\": 2", "schema_version is 2; this program knows 1 to 1.")]
    [InlineData("\"device\": \"cpu\"", "\"device\": \"cpu\",\n  \"device\": \"cpu\"", "this is no verification of a device")]
    [InlineData("\"device\": \"cpu\"", "\"devise\": \"cpu\"", "this is no verification of a device")]
    [InlineData("\"outcome\": \"fail\"", "\"outcome\": \"pass\"", "it contradicts itself: training-fp32 passed and has a reason why not.")]
    [InlineData("\"value\": 2,", "\"value\": 0,", "it contradicts itself: facts passed although cores is 0; at least 1 passes.")]
    [InlineData("\"name\": \"facts\"", "\"name\": \"tf32-switches\"", "it contradicts itself: tf32-switches is there twice.")]
    [InlineData("\"checks\": [", "\"checks\": [null,", "$.checks[0] is null, where an item must be.")]
    [InlineData("\"figures\": [\n", "\"figures\": [null,\n", "$.checks[0].figures[0] is null, where an item must be.")]
    [InlineData("\"name\": \"facts\"", "\"name\": \"\\ud800\"", "has half of a surrogate pair")]
    [InlineData("\"duration_s\": 42.5", "\"duration_s\": -5", "it contradicts itself: it took -5 s.")]
    [InlineData("\"duration_s\": 42.5", "\"duration_s\": \"NaN\"", "it contradicts itself: it took NaN s.")]
    [InlineData("\"duration_s\": 42.5", "\"duration_s\": null", "this is no verification of a device")]
    public void FileThatIsWrong_IsRefused_WithWhatIsWrong(string right, string wrong, string message)
    {
        var text = Encoding.UTF8.GetString(VerificationFile.Render(Example));
        Assert.Contains(right, text, StringComparison.Ordinal);
        var path = temporary.File("verification.json", text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(message, Assert.Throws<UserErrorException>(() => VerificationFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_KnowsTheFile_AndSaysWhatFailed()
    {
        Store("results").WriteVerification(Example);

        var finding = Assert.Single(ResultCheck.Run(Path.Combine(temporary.Folder, "results")).Findings);
        Assert.Equal(FindingKind.VerificationFailed, finding.Kind);
        Assert.Equal("training-fp32 failed: error is NaN; at most 0.01 passes", finding.Message);
    }

    [Fact]
    public void CheckThatWasNotRun_DoesNotPass_AndIsTold()
    {
        var open = Example with { Checks = [Example.Checks[0], VerifiedCheck.Of("peak", CheckFinding.NotRun("budget: too late"), TimeSpan.Zero)] };
        Store("results").WriteVerification(open);

        Assert.False(open.Passed);
        Assert.True((open with { Checks = [Example.Checks[0], Example.Checks[2]] }).Passed);
        Assert.Equal("peak was not run: budget: too late", Assert.Single(ResultCheck.Run(Path.Combine(temporary.Folder, "results")).Findings).Message);
    }

    [Fact]
    public void Check_RefusesTheFileOfAnotherEnvironment_AndOneThatCannotBeRead()
    {
        var store = Store("results");
        store.WriteVerification(Example with { EnvironmentId = "other-1", Checks = [Example.Checks[0]] });
        var foreign = Assert.Single(ResultCheck.Run(store.Folder).Findings);
        Assert.Equal(FindingKind.VerificationRecord, foreign.Kind);

        File.WriteAllText(Path.Combine(store.Folder, VerificationFile.FileName), "{");
        Assert.Equal(FindingKind.VerificationRecord, Assert.Single(ResultCheck.Run(store.Folder).Findings).Kind);
    }

    [Fact]
    public void Merge_TakesTheNewest()
    {
        var (older, newer) = (Store("older"), Store("newer"));
        older.WriteVerification(Example);
        newer.WriteVerification(Example with { UtcTime = Example.UtcTime.AddDays(1) });
        var target = Path.Combine(temporary.Folder, "target");
        string[] sources = [Path.Combine(temporary.Folder, "newer"), Path.Combine(temporary.Folder, "older")];

        Assert.True(Assert.Single(ResultMerge.Run(sources, target, dryRun: false).Environments).VerificationChanged);
        Assert.Equal(Example.UtcTime.AddDays(1), VerificationFile.Read(Path.Combine(target, Examples.Cpu.Id, VerificationFile.FileName)).UtcTime);
        Assert.False(ResultMerge.Run(sources, target, dryRun: false).HasNews);
    }

    private ResultStore Store(string results)
    {
        var store = new ResultStore(Path.Combine(temporary.Folder, results, Examples.Cpu.Id));
        store.WriteEnvironment(Examples.Cpu);
        return store;
    }
}
