using FreezeBench.Results.Statistics;
using FreezeBench.Tool.Peers;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

public class PeerTextTests
{
    private static readonly PeerRatio ratio = new()
    {
        Case = PeerTable.CaseOf(MadeUpPeers.Case, withKernels: true) with { Policy = "frozen", Phase = "backward" },
        Ours = 0.1234,
        Theirs = 12.34,
        Estimate = new BoundedEstimate(0.0100, 0.0095, 0.0111, 0.95),
        Lowest = 0.009,
        Highest = 0.02,
        OursRuns = 4,
        TheirsRuns = 5,
    };

    [Fact]
    public void Bounds_StandWithoutBrackets_AndNeedNoExplanation()
    {
        var text = PeerText.Plain(new PeerTable([new PeerGroup(MadeUpPeers.Ours, MadeUpPeers.Theirs, "pytorch", ratio.Case with { Policy = null, Phase = null, Kernels = null }, [ratio])], ["A note."]));

        Assert.Matches("frozen  backward +0.123 +12.3 +0.01 +0.01 .. 0.01  4, 5\n", text);
        Assert.DoesNotContain("too few runs", text, StringComparison.Ordinal);
        Assert.EndsWith("note: A note.\n", text, StringComparison.Ordinal);
    }
}
