using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Tool.Tests.Html;

public partial class HtmlReportTests
{
    public static TheoryData<string> Hostile => [.. MadeUpReport.Hostile.Where(text => !text.Contains('\uD800', StringComparison.Ordinal))];

    [Fact]
    public void SameReport_GivesTheSameBytes_InAnyCulture()
    {
        var page = Page.Of(MadeUpReport.Of(3));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(page, Page.Of(MadeUpReport.Of(3)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.DoesNotContain('\r', page);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostileText_AddsNoMarkup(string text)
    {
        // The same page with a harmless text of the same length (long names are cut) has exactly the same tags.
        Assert.Equal(Tags(Page.OfTexts(new string('x', text.Length))), Tags(Page.OfTexts(text)));
    }

    [Fact]
    public void RunThatDiverged_IsShown()
    {
        var report = MadeUpReport.Of(1);
        var page = Page.Of(report with { Environments = [report.Environments[0] with { DivergedRuns = [new DivergedRun("20260102T030405Z-0011aabb", "fine-tune", KernelKind.Fast, 3, "noise", 1, 4)] }] });
        Assert.Contains("Diverged: fine-tune, seed 3, diverged in epoch 2 of 4 (noise)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfACharacter_IsWritten() => Assert.Contains("\uFFFD alone", Page.OfTexts("\uD800 alone"), StringComparison.Ordinal);

    [Fact]
    public void Page_NamesNothingOutsideItself()
    {
        var page = Page.Of(MadeUpReport.Of(2));

        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\s(src|style|onclick)=|url\(|@import", page);
        Assert.All(Attribute(page, "href"), link => Assert.StartsWith("#", link, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("style")]
    [InlineData("script")]
    public void Policy_AllowsTheContentThatThePageHas(string element)
    {
        var page = Page.OfOne;
        var content = Regex.Match(page, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

        Assert.Contains($"{element}-src &#39;sha256-{hash}&#39;", page, StringComparison.Ordinal);
        Assert.Contains("default-src &#39;none&#39;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_AreUnique_AndEveryReferenceHasOne()
    {
        var page = Page.Of(MadeUpReport.Of(3));
        var ids = Attribute(page, "id").ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(Attribute(page, "href"), link => Assert.Contains(link[1..], ids));
        Assert.All(Attribute(page, "aria-labelledby").SelectMany(list => list.Split(' ')), id => Assert.Contains(id, ids));
    }

    [Fact]
    public void FiftyEnvironments_StayBelowTwoMegabytes_AndTwelveHavePlots()
    {
        var page = Page.Of(MadeUpReport.Of(50));

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 1, 2_000_000);
        Assert.Contains("12 of 50 environments have plots", page, StringComparison.Ordinal);
        Assert.Contains("id=\"e12-p1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"e13-p1\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ChosenEnvironment_HasPlots_AndTheOthersHaveTablesAlone()
    {
        var page = Page.Of(MadeUpReport.Of(3), "machine-001");

        Assert.Contains("1 of 3 environments have plots", page, StringComparison.Ordinal);
        Assert.Contains("id=\"e2-p1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"e1-p1\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_TellsBoundsSamplesScatterAndSource_AndTheSourceNamesItsRun()
    {
        var page = Page.OfOne;

        // 268 ms, 2 % down and 3 % up.
        Assert.Contains("title=\"n = 9, noisy\"><b class=\"mark\">~</b>268\u2008\u2007\u2007<small>263 to 276</small>", page, StringComparison.Ordinal);
        Assert.Contains("Sources: Policies, in environment machine-000", page, StringComparison.Ordinal);
        Assert.Matches(@"<th scope=""row"">1</th><td class=""t""><code>20260102T030405Z-0011aabb</code></td><td class=""t""><code>0123456789</code></td><td>2026-01-02</td>", page);
    }

    [Fact]
    public void TableOfTwoSources_SaysOfEachNumberWhichIsItsOwn()
    {
        var environment = MadeUpReport.Environment("machine", "a machine");
        var group = environment.Times[0];
        var other = group.Policies[1] with { ImagesPerS = group.Policies[1].ImagesPerS! with { Origin = MadeUpReport.Origin("machine", 9) with { RunIds = ["20260103T030405Z-22334455"] } } };
        var page = Page.Of(MadeUpReport.Of(1) with { Environments = [environment with { Times = [group with { Policies = [group.Policies[0], other] }] }] });

        Assert.Contains("n = 9; source 1\"", page, StringComparison.Ordinal);
        Assert.Contains("n = 9; source 2\"", page, StringComparison.Ordinal);
        Assert.Contains("<code>20260103T030405Z-22334455</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void NoisyNumbers_HaveSigns_AndTheirLegend()
    {
        var page = Page.OfOne;

        Assert.Contains("<b class=\"mark\">~</b>268", page, StringComparison.Ordinal);
        Assert.Contains("<b class=\"mark\">!</b>283", page, StringComparison.Ordinal);
        Assert.Contains("very noisy: the samples&#39; IQR is above 25 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrottledNumbers_HaveASign_AndItsLegend()
    {
        var environment = MadeUpReport.Environment("machine", "a machine");
        var group = environment.Times[0];
        var throttled = group.Policies[3] with { EpochMs = group.Policies[3].EpochMs! with { Origin = MadeUpReport.Origin("machine", 9) with { Throttled = true } } };
        var page = Page.Of(MadeUpReport.Of(1) with { Environments = [environment with { Times = [group with { Policies = [group.Policies[0], throttled] }] }] });

        Assert.Contains("<b class=\"mark\">†</b>2.07", page, StringComparison.Ordinal);
        Assert.Contains("throttled: heat or power held the device&#39;s clocks down", page, StringComparison.Ordinal);
        Assert.DoesNotContain("held the device", Page.OfOne, StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_HasAColumn_WhereAnyPolicyKnowsIt()
    {
        var environment = MadeUpReport.Environment("machine", "a machine");
        var (times, accuracies) = (environment.Times[0], environment.Accuracies[0]);
        var figure = new FreezeBench.Results.Reports.Figure { Value = 41.5, Origin = MadeUpReport.Origin("machine", 9) };
        var page = Page.Of(MadeUpReport.Of(1) with
        {
            Environments =
            [
                environment with
                {
                    Times = [times with { Policies = [times.Policies[0], times.Policies[1] with { EpochEnergyJ = figure, EnergySource = "rapl" }] }],
                    Accuracies = [accuracies with { Policies = [accuracies.Policies[0] with { EpochEnergyJ = figure with { Value = 43.5 }, EnergySource = "nvml" }] }],
                },
            ],
        });

        Assert.Contains("energy of an epoch, J (rapl: the CPU packages)</th>", page, StringComparison.Ordinal);
        Assert.Contains(">41.5<", page, StringComparison.Ordinal);
        Assert.Contains("energy of an epoch, J (nvml: the whole GPU)</th>", page, StringComparison.Ordinal);
        Assert.Contains(">43.5<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("energy of an epoch", Page.OfOne, StringComparison.Ordinal);
    }

    [Fact]
    public void DisturbedTimes_HaveASignAndTheReason_AndAreInNoPlot()
    {
        var page = Page.OfOne;

        Assert.Contains("<b class=\"mark\">‡</b>20.0", page, StringComparison.Ordinal);
        Assert.Contains("a build ran beside it", page, StringComparison.Ordinal);
        // One group of two has times that count.
        Assert.Single(Regex.Matches(page, "<figcaption>What accuracy costs"));
    }

    [Fact]
    public void WhatNobodyMeasured_IsSaid()
    {
        var empty = MadeUpReport.Environment("machine", "a machine") with { Times = [], Accuracies = [], Scaling = [] };
        var page = Page.Of(MadeUpReport.Of(1) with { Overview = new Overview { Sentences = ["Nothing is known."] }, Environments = [empty] });

        Assert.Contains("No times were measured here.", page, StringComparison.Ordinal);
        Assert.Contains("No accuracies were trained here.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
        Assert.Contains("<p class=\"conclusion\">Nothing is known.</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstScreen_HasOnePictureOfEachKind_OneRowAMachine_AndTheSentences_BeforeAnyMachinesSection()
    {
        var report = MadeUpReport.Of(2);
        var overview = report.Overview with { Machines = [MadeUpReport.Machine("quick", ["machine-001"], plain: true), MadeUpReport.Machine("slow", ["machine-000", "other"], 2)] };
        var page = Page.Of(report with { Overview = overview });
        var first = page[..page.IndexOf("<details class=\"environment\"", StringComparison.Ordinal)];

        Assert.Equal(2, Regex.Count(first, "<svg "));
        Assert.Contains("Test accuracy by training time", first, StringComparison.Ordinal);
        Assert.Contains("Time of an epoch by policy and machine, with 95 % bounds", first, StringComparison.Ordinal);
        Assert.Equal(["quick", "slow"], Regex.Matches(first, "<th scope=\"row\"[^>]*><a href=\"#e[0-9]+\">(.*?)</a>").Select(match => match.Groups[1].Value));
        Assert.All(
            ["fine-tune, images/s", "frozen, images/s", "speed-up by freezing", "speed-up by freezing (plain)", "backward, % of a step", "memory, MiB (plain)", "PyTorch by ours, frozen", .. overview.Sentences],
            text => Assert.Contains($">{text}</", first, StringComparison.Ordinal));
        // What was asked first stands first.
        Assert.Equal(
            ["machine", "fine-tune, images/s", "frozen, images/s", "speed-up by freezing", "backward, % of a step", "memory, MiB", "PyTorch by ours, frozen", "fine-tune, images/s (plain)"],
            Regex.Matches(first[first.IndexOf("<caption><span>Machines", StringComparison.Ordinal)..], "<th scope=\"col\"[^>]*>(.*?)</th>").Take(8).Select(match => match.Groups[1].Value));
        Assert.Contains("pytorch 2.6.0</small>", first, StringComparison.Ordinal);
        // The order of the machines' table is that of their sections.
        Assert.True(page.IndexOf("id=\"e2\"", StringComparison.Ordinal) < page.IndexOf("id=\"e1\"", StringComparison.Ordinal));
    }

    [Fact]
    public void KernelsOfOnePolicy_StandBesideEachOther()
    {
        var machine = MadeUpReport.Machine("one", ["machine-000"], plain: true);
        machine = machine with { Epochs = [.. machine.Epochs, machine.Of("frozen", KernelKind.Fast)! with { Policy = "frozen-train-bn" }] };
        var report = MadeUpReport.Of(1);
        var picture = Regex.Matches(Page.Of(report with { Overview = report.Overview with { Machines = [machine] } }), "<svg .*?</svg>", RegexOptions.Singleline)[1].Value;

        Assert.Equal(["fine-tune", "fine-tune (plain)", "frozen", "frozen (plain)", "frozen-train-bn"], Regex.Matches(picture, "class=\"name\">(.*?)</text>").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void PricedMachine_HasCostsOfEpochsAndOfTrainings()
    {
        var report = MadeUpReport.Of(1);
        Assert.DoesNotContain("EUR", Page.Of(report), StringComparison.Ordinal);

        var page = Page.Of(report with { Overview = report.Overview with { Machines = [report.Overview.Machines[0] with { EurPerHour = 3.6 }], TrainedEurPerHour = 3.6 } });

        // 1.5 s and 300 ms at a tenth of a cent a second.
        Assert.Contains("an epoch of fine-tune, EUR", page, StringComparison.Ordinal);
        Assert.Contains(">0.00150</", page, StringComparison.Ordinal);
        Assert.Contains(">0.000300</", page, StringComparison.Ordinal);
        Assert.Contains("What the trainings of the picture cost on", page, StringComparison.Ordinal);
        Assert.Contains(">0.0200</", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EnvironmentsOfOneMachine_AreInOneFold()
    {
        var report = MadeUpReport.Of(2);
        var page = Page.Of(report with { Overview = report.Overview with { Machines = [MadeUpReport.Machine("both", ["machine-000", "machine-001"])] } });

        Assert.Matches("<summary>\\s*<h2>both, 2 environments</h2>\\s*</summary>\\s*<details class=\"environment\">", page);
    }

    [Fact]
    public void PlainRows_AreNamed_AndTheGainOfFastOnesHasATable()
    {
        var environment = MadeUpReport.Environment("machine", "a machine");
        var group = environment.Times[0];
        var plain = group.Policies.Select(policy => policy with { Kernels = KernelKind.Plain }).ToList();
        var gain = new KernelGain("frozen", "epoch", group.Policies[1].SpeedUp!);
        var part = plain[1] with { TrainedShare = 0.05, TimeShare = group.Policies[1].SpeedUp! with { Value = 0.25, Lower = null, Upper = null } };
        var page = Page.Of(MadeUpReport.Of(1) with { Environments = [environment with { Times = [group with { Policies = [.. group.Policies, .. plain, part], KernelGains = [gain] }] }] });

        Assert.Contains(">frozen (plain)</th>", page, StringComparison.Ordinal);
        Assert.Contains("How many times as fast as plain kernels the fast ones are", page, StringComparison.Ordinal);
        Assert.Contains("<li>frozen (plain) trains 5.0 % of the parameters, costs 25 % of the time of fine-tune.</li>", page, StringComparison.Ordinal);
        Assert.Contains(PolicyNames.Plain.Replace("'", "&#39;", StringComparison.Ordinal), page, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", Regex.Replace(Page.OfOne, "<(style|script)>.*?</\\1>", "", RegexOptions.Singleline), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPolicysColour_IsInTheStyleSheet()
    {
        var page = Page.OfOne;

        foreach (var number in KnownPolicies.Families.SelectMany(family => family.Colours).Concat(Enumerable.Range(0, 200).Select(index => KnownPolicies.Colour($"own-{(char)('a' + index % 26)}"))).Distinct())
            Assert.All([$"--p{number}: light-dark(", $".p{number}::before {{", $".f{number} {{ fill: var(--p{number}); }}"], rule => Assert.Contains(rule, page, StringComparison.Ordinal));
    }

    [Fact]
    public void OneSampleAndNoBounds_MakeAPageToo()
    {
        var origin = MadeUpReport.Origin("machine", 1, NoiseVerdict.Unknown);
        var environment = MadeUpReport.Environment("machine", "a machine");
        var group = environment.Times[0] with
        {
            Policies = [.. environment.Times[0].Policies.Take(2).Select(policy => new FreezeBench.Results.Reports.PolicyTimes { Policy = policy.Policy, EpochMs = new() { Value = 0, Origin = origin }, Phases = [] })],
            Others = [],
        };

        Assert.Contains("title=\"n = 1\"", Page.Of(MadeUpReport.Of(1) with { Environments = [environment with { Times = [group] }] }), StringComparison.Ordinal);
    }

    private static List<string> Tags(string page) => [.. TagName().Matches(page).Select(match => match.Value)];

    private static IEnumerable<string> Attribute(string page, string name) =>
        Regex.Matches(page, $"\\s{name}=\"([^\"]*)\"").Select(match => match.Groups[1].Value);

    [GeneratedRegex("</?[a-zA-Z!][a-zA-Z0-9-]*")]
    private static partial Regex TagName();
}
