using System.Globalization;
using System.Text;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class ResultStoreTests : IDisposable
{
    private readonly Temporary temporary = new();

    private ResultStore Store => new(temporary.Folder);

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void AppendedRows_ReadBackEqual_AndTheBytesDoNotDependOnTheCulture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Store.Append(Examples.Measurement.ToRow(Examples.Stamp));
            Store.Append(Examples.Measurement.ToSampleRows(Examples.Stamp));
            Store.Append(Examples.Accuracy(1));

            Assert.Equal([Examples.Measurement.ToRow(Examples.Stamp)], Store.Read<BenchmarkRow>());
            Assert.Equal(Examples.Measurement.ToSampleRows(Examples.Stamp), Store.Read<SampleRow>());
            Assert.Equal([Examples.Accuracy(1)], Store.Read<AccuracyRow>());
            var line = File.ReadAllLines(Path.Combine(temporary.Folder, "accuracy.csv"))[1];
            Assert.Contains(",2026-01-02T03:04:05.1234567Z,", line, StringComparison.Ordinal);
            Assert.Contains(",true,3.141592653589793,0.1,10,100,5E-324,1,50,50,1E+21,0.25,123.456,unknown", line, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void File_IsUtf8WithLineFeedsAndNothingElseIsLeftInTheFolder()
    {
        Store.Append(Examples.Accuracy(1));
        Store.Append(Examples.Accuracy(2));

        var bytes = File.ReadAllBytes(Path.Combine(temporary.Folder, "accuracy.csv"));
        Assert.NotEqual(0xEF, bytes[0]);
        Assert.DoesNotContain((byte)'\r', bytes);
        Assert.Equal(3, bytes.Count(value => value == '\n'));
        Assert.Equal([".results.lock", "accuracy.csv"], Directory.EnumerateFiles(temporary.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+x")]
    [InlineData("-x")]
    [InlineData("@x")]
    [InlineData("'x")]
    [InlineData("'=x")]
    [InlineData("''")]
    public void FormulaLikeText_StaysTextAndReadsBackEqual(string dataset)
    {
        var row = Examples.Accuracy(1) with { Dataset = dataset };
        Store.Append(row);

        Assert.Contains($",'{dataset},", File.ReadAllText(Path.Combine(temporary.Folder, "accuracy.csv")), StringComparison.Ordinal);
        Assert.Equal([row], Store.Read<AccuracyRow>());
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("say \"x\"")]
    [InlineData(" padded ")]
    [InlineData("Größe İı 猫")]
    [InlineData("<b>bold</b>")]
    public void AwkwardText_ReadsBackEqual(string dataset)
    {
        var row = Examples.Accuracy(1) with { Dataset = dataset };
        Store.Append(row);

        Assert.Equal([row], Store.Read<AccuracyRow>());
    }

    [Fact]
    public void NegativeNumber_IsNoFormula()
    {
        var row = Examples.Accuracy(1) with { TrainLoss = -1.5 };
        Store.Append(row);

        Assert.Contains(",-1.5,", File.ReadAllText(Path.Combine(temporary.Folder, "accuracy.csv")), StringComparison.Ordinal);
        Assert.Equal([row], Store.Read<AccuracyRow>());
    }

    [Fact]
    public void UnwritableValue_IsRefusedByColumn_AndNothingIsWritten()
    {
        AccuracyRow[] rows =
        [
            Examples.Accuracy(1) with { TrainLoss = double.NaN },
            Examples.Accuracy(1) with { TrainLoss = double.PositiveInfinity },
        ];
        foreach (var row in rows)
            Assert.Contains("train_loss", Assert.Throws<ArgumentException>(() => Store.Append(row)).Message, StringComparison.Ordinal);
        Assert.Contains("policy", Assert.Throws<ArgumentException>(() => Store.Append(Examples.Accuracy(1) with { Policy = "" })).Message, StringComparison.Ordinal);
        Assert.Contains("policy", Assert.Throws<ArgumentException>(() => Store.Append(Examples.Accuracy(1) with { Policy = "a\nb" })).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Folder));
    }

    [Fact]
    public void Environment_IsWrittenOnce_AndOnlyUnknownFactsAreFilledIn()
    {
        Assert.Empty(Store.WriteEnvironment(Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { MaxSmClockMhz = null } }));

        // The TF32 switch goes with a run's precision: another one is no contradiction.
        var differences = Store.WriteEnvironment(Examples.Gpu with
        {
            Torch = Examples.Gpu.Torch with { MatmulTf32 = true, BenchmarkDotNetVersion = "0.15.8" },
            Machine = Examples.Gpu.Machine with { KernelVersion = "later" },
        });

        Assert.Equal([$"machine.kernel_version: recorded {Examples.Gpu.Machine.KernelVersion}, now later"], differences);
        var recorded = EnvironmentFile.Read(Path.Combine(temporary.Folder, EnvironmentFile.FileName));
        Assert.Equal(Examples.Gpu with { Torch = Examples.Gpu.Torch with { BenchmarkDotNetVersion = "0.15.8" } }, recorded);
    }

    [Fact]
    public void EnvironmentOfVersionOne_IsCompletedAsOne()
    {
        Store.WriteEnvironment(Examples.OldGpu with { Gpu = Examples.Gpu.Gpu with { MaxSmClockMhz = null } });

        Assert.Empty(Store.WriteEnvironment(Examples.OldGpu));

        Assert.Equal(EnvironmentFile.Render(Examples.OldGpu), File.ReadAllBytes(Path.Combine(temporary.Folder, EnvironmentFile.FileName)));
        // What a program of today sees of the machine may be another CPU of the same name.
        Assert.Contains(Examples.Gpu.Id, Assert.Throws<UserErrorException>(() => Store.WriteEnvironment(Examples.Gpu)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherEnvironmentsFolder_IsRefused()
    {
        Store.WriteEnvironment(Examples.Cpu);

        var error = Assert.Throws<UserErrorException>(() => Store.WriteEnvironment(Examples.Gpu));

        Assert.Contains(Examples.Gpu.Id, error.Message, StringComparison.Ordinal);
        Assert.Equal(EnvironmentFile.Render(Examples.Cpu), File.ReadAllBytes(Path.Combine(temporary.Folder, EnvironmentFile.FileName)));
    }

    [Fact]
    public void FolderThatCannotBeMade_IsAUserError()
    {
        var file = temporary.File("occupied", "");

        Assert.Contains("occupied", Assert.Throws<UserErrorException>(() => new ResultStore(Path.Combine(file, "x")).Append(Examples.Accuracy(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNotUtf8_IsRefusedByLine()
    {
        Store.Append(Examples.Accuracy(1));
        var path = Path.Combine(temporary.Folder, "accuracy.csv");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. Encoding.Latin1.GetBytes("Größe\n")]);

        Assert.Contains("line 3", Assert.Throws<UserErrorException>(() => Store.Read<AccuracyRow>()).Message, StringComparison.Ordinal);
    }
}
