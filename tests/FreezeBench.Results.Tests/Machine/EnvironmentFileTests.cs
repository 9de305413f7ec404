using System.Text;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class EnvironmentFileTests : IDisposable
{
    private static readonly string goldens = Path.Combine(AppContext.BaseDirectory, "Machine", "Goldens");

    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Records_RoundTrip_UnknownsIncluded()
    {
        foreach (var environment in new[] { Examples.Cpu, Examples.Gpu, Examples.SecondCpu, Examples.SecondGpu, Examples.OldCpu, Examples.OldGpu })
        {
            var path = temporary.File("environment.json", Encoding.UTF8.GetString(EnvironmentFile.Render(environment)));

            Assert.Equal(environment, EnvironmentFile.Read(path));
        }
    }

    [Theory]
    [InlineData("\"schema_version\": 3,", "\"schema_version\": 3,\n  \"schema_version\": 3,")]
    [InlineData("\"cpu_model\": \"AMD EPYC\"", "\"cpu_model\": \"AMD EPYC\", \"cpu_model\": \"AMD EPYC\"")]
    [InlineData("\"machine\": {", "\"gpu\": {}, \"machine\": {")]
    public void KeyThatIsThereTwice_IsRefused(string found, string replacement)
    {
        var text = Encoding.UTF8.GetString(EnvironmentFile.Render(Examples.Cpu));
        Assert.Contains(found, text, StringComparison.Ordinal);
        var path = temporary.File("environment.json", text.Replace(found, replacement, StringComparison.Ordinal));
        var message = Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(path)).Message;
        Assert.Contains("uplicate", message, StringComparison.Ordinal);
        // The parser does not tell the line of such a key.
        Assert.DoesNotContain("line :", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FactThatSteersATerminal_IsRefused()
    {
        var odd = Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = "AMD \u001b]0;x\u0007" } };
        var path = temporary.File("environment.json", Encoding.UTF8.GetString(EnvironmentFile.Render(odd)));
        var message = Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(path)).Message;
        Assert.Contains("cpu_model has control characters", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', message);
    }

    [Fact]
    public void PipeInThePlaceOfTheRecord_IsSaid_AndNotWaitedFor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes by name are Unix's.");
        var path = Path.Combine(temporary.Folder, "environment.json");
        System.Diagnostics.Process.Start("mkfifo", path).WaitForExit();
        Assert.Contains("it is a pipe", Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(path)).Message, StringComparison.Ordinal);
        System.IO.File.Delete(path);
    }

    [Fact]
    public void File_HasUnitsInItsNamesAndTheWordUnknown()
    {
        var text = Encoding.UTF8.GetString(EnvironmentFile.Render(Examples.Cpu));

        Assert.StartsWith("{\n  \"schema_version\": 3,\n  \"environment_id\": \"amd-epyc-2c-", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        foreach (var line in new[] { "\"cpu_vector_extension\": \"avx512\"", "\"memory_bytes\": 8000000000", "\"memory_bytes\": \"unknown\"", "\"max_sm_clock_mhz\": \"unknown\"", "\"matmul_tf32\": false", "\"cudnn_tf32\": \"unknown\"", "\"torchsharp_version\": \"0.107.0\"", "\"benchmarkdotnet_version\": \"unknown\"" })
            Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"cpu_model\": \"AMD EPYC\"", "\"cpu_model\": \"Intel\"", "environment_id is 'amd-epyc-2c-")]
    [InlineData("\"cpu_vector_extension\": \"avx512\"", "\"cpu_vector_extension\": \"avx2\"", "environment_id is 'amd-epyc-2c-")]
    [InlineData("\"schema_version\": 3", "\"schema_version\": 4", "schema_version is 4")]
    [InlineData("\"schema_version\": 3", "\"schema_version\": 2", "environment_id is 'amd-epyc-2c-")]
    [InlineData("\"schema_version\": 3", "\"schema_version\": 1", "cpu_family")]
    [InlineData("\"schema_version\": 3", "\"schema_version\": 0", "schema_version is 0; it must be 1 to 3")]
    [InlineData("\"schema_version\": 3,", "", "schema_version")]
    [InlineData("    \"cpu_vector_extension\": \"avx512\",\n", "", "cpu_vector_extension")]
    [InlineData("\"threads\": 2", "\"threads\": \"two\"", "line 10")]
    [InlineData("\"threads\": 2", "\"threads\": null", "line 10")]
    [InlineData("\"threads\": 2", "\"thread\": 2", "thread")]
    [InlineData("\"cpu_model\": \"AMD EPYC\"", "\"cpu_model\": null", "cpu_model")]
    [InlineData("{\n  \"schema", "\"schema", "environment record")]
    public void EditedFile_IsRefusedWithWhatIsWrong(string from, string to, string expected)
    {
        var path = temporary.File("environment.json", Encoding.UTF8.GetString(EnvironmentFile.Render(Examples.Cpu)).Replace(from, to, StringComparison.Ordinal));

        var message = Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(path)).Message);
    }

    [Fact]
    public void FileOfVersionOne_WithAFactOfVersionTwo_IsRefused()
    {
        var text = Encoding.UTF8.GetString(EnvironmentFile.Render(Examples.OldCpu));
        Assert.DoesNotContain("cpu_family", text, StringComparison.Ordinal);

        var edited = temporary.File("environment.json", text.Replace("\"logical_cores\"", "\"cpu_family\": \"x\", \"logical_cores\"", StringComparison.Ordinal));

        Assert.Contains("cpu_family", Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(edited)).Message, StringComparison.Ordinal);
    }

    // Files of every version that programs wrote, which every later version must read and, completing them, leave as they are.
    [Theory]
    [InlineData(1, "amd-epyc-2c-e56af278", "unknown")]
    [InlineData(2, "amd-epyc-2c-564d2ad3", "AuthenticAMD family 26 model 2 stepping 1")]
    [InlineData(3, "amd-epyc-2c-eb8d0174", "AuthenticAMD family 26 model 2 stepping 1")]
    public void FileOfEveryVersion_IsReadAndKeepsItsBytes(int version, string id, string family)
    {
        var path = Path.Combine(goldens, $"environment-{version}.json");

        var environment = EnvironmentFile.Read(path);

        Assert.Equal((version, id, family, 2), (environment.SchemaVersion, environment.Id, environment.Machine.CpuFamily, environment.Machine.LogicalCores));
        Assert.Equal(File.ReadAllBytes(path), EnvironmentFile.Render(environment));
        Assert.Equal(File.ReadAllBytes(path), EnvironmentFile.Completed(environment, environment).Bytes);
        Assert.Equal(environment, EnvironmentFile.CompletedRecord(environment, environment).Record);
    }

    [Fact]
    public void EverySchemaVersion_HasItsFixture() => Assert.Equal(
        Enumerable.Range(1, EnvironmentRecord.CurrentSchemaVersion).Select(version => $"environment-{version}.json"),
        Directory.EnumerateFiles(goldens).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schema_version\": \"x\"}")]
    public void FileThatHoldsSomethingElse_IsRefused(string text) =>
        Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(temporary.File("environment.json", text)));

    [Fact]
    public void MissingFile_IsAUserError() =>
        Assert.Throws<UserErrorException>(() => EnvironmentFile.Read(Path.Combine(temporary.Folder, "environment.json")));
}
