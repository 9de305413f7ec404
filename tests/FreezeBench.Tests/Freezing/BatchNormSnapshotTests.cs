using FreezeBench.Freezing;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class BatchNormSnapshotTests
{
    [Fact]
    public void Drift_IsTheLargestAbsoluteChangeOfARunningMean()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.BatchNorm2d(2), nn.Sequential(nn.BatchNorm2d(3)));
        using var snapshot = new BatchNormSnapshot(network);
        Assert.Equal(0f, snapshot.Drift());
        network.state_dict()["0.running_mean"].add_(0.25);
        network.state_dict()["1.0.running_mean"][2].sub_(0.5);
        network.state_dict()["1.0.running_var"].add_(9);
        Assert.Equal(0.5f, snapshot.Drift());
    }

    [Fact]
    public void NoBatchNorm_NoDrift()
    {
        using var layer = nn.Linear(1, 1);
        using var snapshot = new BatchNormSnapshot(layer);
        Assert.Equal(0f, snapshot.Drift());
    }

    [Fact]
    public void BrokenMean_IsNotHidden()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.BatchNorm2d(2);
        using var snapshot = new BatchNormSnapshot(layer);
        layer.running_mean!.fill_(float.NaN);
        Assert.True(float.IsNaN(snapshot.Drift()));
    }
}
