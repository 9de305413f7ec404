using System.Text;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class EnvironmentFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Records_RoundTrip_UnknownsIncluded()
    {
        foreach (var environment in new[] { Examples.Cpu, Examples.Gpu })
        {
            var path = temporary.File("environment.json", Encoding.UTF8.GetString(EnvironmentFile.Render(environment)));

            Assert.Equal(environment, EnvironmentFile.Read(path));
            Assert.Null(EnvironmentFile.Problem(path));
        }
    }

    [Fact]
    public void File_HasUnitsInItsNamesAndTheWordUnknown()
    {
        var text = Encoding.UTF8.GetString(EnvironmentFile.Render(Examples.Cpu));

        Assert.StartsWith("{\n  \"schema_version\": 1,\n  \"environment_id\": \"amd-epyc-2c-", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        foreach (var line in new[] { "\"memory_bytes\": 8000000000", "\"memory_bytes\": \"unknown\"", "\"max_sm_clock_mhz\": \"unknown\"", "\"matmul_tf32\": false", "\"cudnn_tf32\": \"unknown\"", "\"torchsharp_version\": \"0.107.0\"", "\"benchmarkdotnet_version\": \"unknown\"" })
            Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"cpu_model\": \"AMD EPYC\"", "\"cpu_model\": \"Intel\"", "environment_id is 'amd-epyc-2c-")]
    [InlineData("\"schema_version\": 1", "\"schema_version\": 2", "schema_version is 2")]
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
        Assert.Equal(message, EnvironmentFile.Problem(path));
    }

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
