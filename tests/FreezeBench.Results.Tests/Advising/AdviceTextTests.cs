using System.Text.Json;
using FreezeBench.Results.Advising;
using FreezeBench.Results.Rows;
using Xunit;
using static FreezeBench.Results.Tests.Advising.Trainings;

namespace FreezeBench.Results.Tests.Advising;

public class AdviceTextTests
{
    private static readonly AccuracyRow[] clear = [.. Of("fine-tune", 1, 100, 950), .. Of("frozen-cached", 1, 10, 800, 790, 810)];

    [Fact]
    public void Decided_ReadsAsThis()
    {
        var text = AdviceText.Plain(Advice(clear, new AdviceOptions { TimeBudgetS = 20 }));
        // Where the first paragraph breaks depends on the id.
        var first = text.IndexOf("\n\n", StringComparison.Ordinal);
        Assert.Equal($"AMD EPYC, AVX-512, 2 cores ({Examples.Cpu.Id}): cifar10, 10 classes, 32 px, resnet18, weights resnet18-imagenet.pth, 50000 training and 1000 test images, batch 128, sgd with cosine schedule, fp32, channels-last, 2 threads, cpu",
            text[..first].Replace("\n ", "", StringComparison.Ordinal));
        Assert.Equal(
        """
        fine-tune after 1 epoch is within 1 point of the best in the least training
        time, 100 s: test accuracy 95.0 % (93.5 to 96.2), n = 1.
        It is the best that was measured.
        In 20.0 s of training the most is frozen-cached after 1 epoch: test accuracy
        80.0 % (77.4 to 82.4), n = 1, in 10.0 s, 15.0 (12.2 to 17.8) points behind the
        best.

        policy         n  ep.     test accuracy, %    time     behind  within 1
        fine-tune      1    1  95.0 (93.5 to 96.2)   100 s   0.0 ±0.0       yes
        frozen-cached  1    3  81.0 (78.5 to 83.3)  30.0 s  14.0 ±2.8        no

        Frontier, which nothing beats in time and accuracy both: frozen-cached: 1 epoch
          10.0 s 80.0 %, 3 epochs 30.0 s 81.0 %; fine-tune: 1 epoch 100 s 95.0 %.
        fine-tune overtakes frozen-cached at its best (81.0 %, 3 epochs, 30.0 s) after 1
          epoch, 100 s: 14.0 (11.2 to 16.8) points higher.

        Times are of training, extraction of features included, evaluation apart. Bounds
        at 95 %: of accuracies over seeds, or of the test images where n = 1; of
        distances to the best over the seeds that both have, else of the test images.

        """.ReplaceLineEndings("\n"), text[(first + 2)..]);
    }

    [Fact]
    public void Undecided_IsSaidFirst_WithItsDoubts_In80Columns()
    {
        AccuracyRow[] rows =
        [
            .. Of("fine-tune", 1, 100, 950).Select(row => row with { OthersBusyCores = 1 }), .. Of("frozen-cached", 1, 10, 945, 946).Select(row => row with { FeatureCache = "disk" }),
            .. Of("frozen-cached", 1, 10, 930).Select(row => row with { RunId = "20270101T000000Z-00000000", Kernels = KernelKind.Plain }), .. Of("a-policy-of-a-name-that-never-ends", 1, 10, 100),
        ];
        var text = AdviceText.Plain(Advice(rows));

        Assert.Contains("\nUndecided. By the means frozen-cached #2 after 1 epoch is within 1 point of the\n", text, StringComparison.Ordinal);
        Assert.Contains("\n‡ disturbed", text, StringComparison.Ordinal);
        Assert.Contains("\n+ features came from disk", text, StringComparison.Ordinal);
        Assert.Contains("\nfrozen-cached #1: plain kernels, 1 epochs.\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void NotOvertaken_IsSaidWithItsBounds() => Assert.Contains(
        "fine-tune has not overtaken frozen-cached at its best (81.0 %, 1 epoch, 10.0 s) in 2 epochs, 200 s: 1.0 (-2.5 to 4.5) points lower; undecided, the bounds include 0.",
        string.Join(' ', AdviceText.Plain(Advice([.. Of("fine-tune", 1, 100, 700, 800, 790), .. Of("frozen-cached", 1, 10, 810)])).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

    [Fact]
    public void NothingToAdvise_IsSaid()
    {
        var text = AdviceText.Plain(Advice(clear.Take(1)));

        Assert.StartsWith("No advice on a policy:\n- cifar10, 10 classes", text, StringComparison.Ordinal);
        Assert.EndsWith("fine-tune alone was trained.\n\n", text, StringComparison.Ordinal);
        Assert.Equal("", AdviceText.Plain(Advice([])));
    }

    [Fact]
    public void Json_HasTheFiguresWhole()
    {
        using var json = JsonDocument.Parse(AdviceJson.Write(Advice(clear, new AdviceOptions { TimeBudgetS = 20 })));
        var group = json.RootElement.GetProperty("groups")[0];

        Assert.Equal((1, 1.0, 20.0), (json.RootElement.GetProperty("schema_version").GetInt32(), json.RootElement.GetProperty("within_points").GetDouble(), json.RootElement.GetProperty("time_budget_s").GetDouble()));
        Assert.Equal(("decided", 0), (group.GetProperty("verdict").GetString(), group.GetProperty("doubts").GetArrayLength()));
        Assert.Equal(("fine-tune", "fast", 100.0), (group.GetProperty("choice").GetProperty("policy").GetString(), group.GetProperty("choice").GetProperty("kernels").GetString(), group.GetProperty("choice").GetProperty("train_time_s").GetDouble()));
        Assert.Equal(("frozen-cached", "no"), (group.GetProperty("in_budget").GetProperty("policy").GetString(), group.GetProperty("in_budget").GetProperty("within").GetString()));
        Assert.Equal(0.14, group.GetProperty("overtaking").GetProperty("lead_fraction").GetProperty("value").GetDouble(), 12);
        Assert.Equal(3, group.GetProperty("frontier").GetArrayLength());
    }
}
