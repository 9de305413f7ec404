using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Tool.Tests.Html;

/// <summary>Heads, top-5 and balanced accuracy, and the table of classes on the page.</summary>
public class ClassTableTests
{
    private static readonly Figure nine = new() { Value = 0.9, Lower = 0.88, Upper = 0.92, Origin = MadeUpReport.Origin("a-1c-00000000", 3) };

    [Fact]
    public void UnevenClasses_HaveATable_WithTheirNamesEscaped_AndBalancedAccuracyBeside()
    {
        var page = Page.Of(Report(classes: 2, policy => policy with { Head = HeadKind.Lbfgs, BalancedAccuracy = nine, ClassAccuracies = [new("<ants>", 124, 70, 0.857), new("bees", 121, 0, null)] }));

        Assert.Contains("Class by class: the share of the test images that is correct", page, StringComparison.Ordinal);
        Assert.Contains("&lt;ants&gt;", page, StringComparison.Ordinal);
        Assert.Contains("85.7", page, StringComparison.Ordinal);
        Assert.Contains("balanced accuracy, %", page, StringComparison.Ordinal);
        Assert.Contains("fine-tune lbfgs", page, StringComparison.Ordinal);
        Assert.DoesNotContain("top-5, %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EvenClasses_HaveNone_AndMoreThanTenATopFive()
    {
        var page = Page.Of(Report(classes: 100, policy => policy with { BalancedAccuracy = nine, Top5Accuracy = nine }));

        Assert.DoesNotContain("Class by class", page, StringComparison.Ordinal);
        Assert.DoesNotContain("balanced accuracy, %", page, StringComparison.Ordinal);
        Assert.Contains("top-5, %", page, StringComparison.Ordinal);
    }

    private static Report Report(int classes, Func<PolicyAccuracy, PolicyAccuracy> change)
    {
        var report = MadeUpReport.Of(1);
        var group = report.Environments[0].Accuracies[0];
        return report with { Environments = [report.Environments[0] with { Accuracies = [group with { Classes = classes, Policies = [change(group.Policies[0])] }] }] };
    }
}
