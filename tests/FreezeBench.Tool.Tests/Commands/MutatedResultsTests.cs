using System.Globalization;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>Files of results with random damage: every command ends with a message or without a finding, never with an exception.</summary>
/// <remarks>FREEZEBENCH_FAULTS is the number of files, for a long run; FREEZEBENCH_SEED repeats one.</remarks>
public sealed class MutatedResultsTests
{
    private const int Usual = 250;

    private static readonly string[] files = ["environment.json", "benchmarks.csv", "samples.csv", "accuracy.csv", "runs.csv", ".results.commit"];

    private static readonly byte[][] odd = [[0], [0xff, 0xfe], [0xc3], "\u001b]0;x\u0007"u8.ToArray(), "\""u8.ToArray(), "1e999"u8.ToArray(), "NaN"u8.ToArray(), ",,,"u8.ToArray(), "\r"u8.ToArray(), "{"u8.ToArray(), "\n\n"u8.ToArray(), "-"u8.ToArray()];

    [Fact]
    public void EveryDamage_IsToldOrHarmless()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FREEZEBENCH_FAULTS") ?? $"{Usual}", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("FREEZEBENCH_SEED") ?? $"{Environment.TickCount}", CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"FREEZEBENCH_SEED={seed}");
        for (var number = 0; number < count; number++)
            Damage(seed + number);
    }

    private static void Damage(int seed)
    {
        var random = new Random(seed);
        using var results = new MadeUpResults().Filled();
        var path = Path.Combine(results.Folder, files[random.Next(files.Length)]);
        File.WriteAllBytes(path, Mutated(File.Exists(path) ? File.ReadAllBytes(path) : "samples.csv\tsamples.csv.a.tmp\n"u8.ToArray(), random));
        string[][] commands =
        [
            ["check", results.Root], ["list", results.Root, "--runs"], ["report", results.Root, "--out", "-", "--format", "md"], ["compare", results.Root, results.Root], ["peers", results.Root], ["advise", results.Root],
            ["merge", results.Root, "--into", results.Another("merged")], ["remark", MadeUpResults.RunId, "--results", results.Root, "--times-disturbed", "x"],
        ];
        foreach (var command in commands)
        {
            var run = Record.Exception(() => Assert.InRange(Ended(command), 0, 2));
            Assert.True(run is null, $"FREEZEBENCH_SEED={seed}: {string.Join(' ', command)}\n{run}");
        }
    }

    private static int Ended(string[] command)
    {
        var run = ToolRun.Of(command);
        Assert.DoesNotContain('\u001b', run.Output + run.Errors);
        return run.ExitCode;
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var all = bytes.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(all.Count + 1);
            switch (random.Next(5))
            {
                case 0:
                    all.RemoveRange(at, Math.Min(random.Next(1, 40), all.Count - at));
                    break;
                case 1:
                    all.InsertRange(at, odd[random.Next(odd.Length)]);
                    break;
                case 2:
                    all.InsertRange(at, all.Skip(random.Next(all.Count + 1)).Take(random.Next(200)).ToArray());
                    break;
                case 3:
                    all.RemoveRange(at, all.Count - at);
                    break;
                default:
                    if (at < all.Count)
                        all[at] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. all];
    }
}
