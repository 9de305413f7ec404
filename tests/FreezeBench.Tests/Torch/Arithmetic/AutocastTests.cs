using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Torch.Arithmetic;

public sealed class AutocastTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public AutocastTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The symbols are named by another rule there.");

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(DeviceType.CPU, ScalarType.BFloat16)]
    [InlineData(DeviceType.CPU, ScalarType.Float16)]
    [InlineData(DeviceType.CUDA, ScalarType.BFloat16)]
    [InlineData(DeviceType.CUDA, ScalarType.Float16)]
    public void Inside_ItIsInForceForItsDevice_AndOutsideWhatWasBefore(DeviceType device, ScalarType type)
    {
        var other = device == DeviceType.CPU ? DeviceType.CUDA : DeviceType.CPU;
        Assert.Null(Autocast.InForce(device));
        using (Autocast.Enter(device, type))
        {
            Assert.Equal((type, null), (Autocast.InForce(device), Autocast.InForce(other)));
            using (Autocast.Enter(device, ScalarType.BFloat16))
                Assert.Equal(ScalarType.BFloat16, Autocast.InForce(device));
            Assert.Equal(type, Autocast.InForce(device));
        }
        Assert.Null(Autocast.InForce(device));
    }

    [Fact]
    public void Convolutions_AndMatrixProducts_ComeOutInTheType_AndTheLossInFloat32()
    {
        var (images, kernel, matrix) = (randn(2, 8, 4, 4), randn(8, 8, 3, 3), randn(8, 8));
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
        {
            var features = nn.functional.conv2d(images, kernel);
            var logits = features.mean([2, 3]).matmul(matrix);
            Assert.Equal((ScalarType.BFloat16, ScalarType.BFloat16), (features.dtype, logits.dtype));
            Assert.Equal(ScalarType.Float32, nn.functional.cross_entropy(logits, zeros(2, ScalarType.Int64)).dtype);
        }
        Assert.Equal(ScalarType.Float32, nn.functional.conv2d(images, kernel).dtype);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void LossOfFloat32Logits_IsTheSameInsideAndOutside_BitForBit(double smoothing)
    {
        var labels = tensor(new long[] { 0, 1, 2, 3 });
        (float Loss, float[] Gradient) Of(Func<Autocast?> enter)
        {
            var logits = arange(20, ScalarType.Float32).sin().reshape(4, 5).requires_grad_();
            Tensor loss;
            using (enter())
                loss = nn.functional.cross_entropy(logits, labels, label_smoothing: smoothing);
            loss.backward();
            return (loss.item<float>(), logits.grad!.data<float>().ToArray());
        }

        var (inside, outside) = (Of(() => Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16)), Of(() => null));
        Assert.Equal(outside.Loss, inside.Loss);
        Assert.Equal(outside.Gradient, inside.Gradient);
    }

    [Fact]
    public void WeightThatMovesBetweenTwo_IsSeenByTheSecond()
    {
        var weight = ones(8, 8, requires_grad: true);
        var input = ones(8, 8);
        Tensor Product()
        {
            using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            {
                // Twice: the second takes the cast that the first has left behind.
                input.matmul(weight);
                return input.matmul(weight);
            }
        }

        Assert.Equal(8, Product()[0, 0].to(ScalarType.Float32).item<float>());
        using (no_grad())
            weight.mul_(2);
        Assert.Equal(16, Product()[0, 0].to(ScalarType.Float32).item<float>());
    }

    [Fact]
    public void PassWithoutAGraph_LeavesNoCastThatTheNextOneWouldGetNoGradientThrough()
    {
        var weight = ones(8, 8, requires_grad: true);
        using (no_grad())
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            ones(8, 8).matmul(weight);
        Tensor loss;
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            loss = ones(8, 8).matmul(weight).sum();
        loss.backward();
        Assert.Equal((ScalarType.Float32, 8), (weight.grad!.dtype, weight.grad[0, 0].item<float>()));
    }

    [Fact]
    public void Exception_LeavesTheStateOfBefore()
    {
        Assert.ThrowsAny<Exception>(() =>
        {
            using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
                nn.functional.conv2d(ones(1, 8, 4, 4), ones(8, 16, 3, 3));
        });
        Assert.Null(Autocast.InForce(DeviceType.CPU));
    }

    [Fact]
    public void DisposedTwice_EndsOnce()
    {
        using var outer = Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16);
        var inner = Autocast.Enter(DeviceType.CPU, ScalarType.Float16);
        inner.Dispose();
        inner.Dispose();
        Assert.Equal(ScalarType.BFloat16, Autocast.InForce(DeviceType.CPU));
    }

    [Fact]
    public void OtherThread_IsNotInIt_AndCannotEndIt()
    {
        using var here = Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16);
        ScalarType? there = ScalarType.Float64;
        Exception? refused = null;
        var thread = new Thread(() =>
        {
            there = Autocast.InForce(DeviceType.CPU);
            refused = Record.Exception(here.Dispose);
        });
        thread.Start();
        thread.Join();
        Assert.Null(there);
        Assert.IsType<InvalidOperationException>(refused);
        Assert.Equal(ScalarType.BFloat16, Autocast.InForce(DeviceType.CPU));
    }

    [Fact]
    public void OtherTypes_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>("type", () => Autocast.Enter(DeviceType.CPU, ScalarType.Float64));
}
