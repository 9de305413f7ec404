using System.CommandLine;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using Xunit;

namespace FreezeBench.Tests.Programs;

public class RunOptionsTests
{
    private readonly RunOptions options = new("all", "32", "128", "synthetic", "both");

    [Theory]
    [InlineData("--policies", "thaw",
        "Unknown freezing policy 'thaw'. Valid values: fine-tune, frozen, frozen-train-bn, frozen-cached, "
        + "from-layer1, from-layer2, from-layer3, from-layer4, bias-only, norm-only, from-STAGE, only-STAGE, lora:RANK (1 to 1024); for a list also all.")]
    [InlineData("--backbone", "vgg16",
        "Unknown network 'vgg16'. Valid values: resnet18, resnet34, resnet50, vit_tiny_patch16, alexnet, mobilenet_v2, mobilenet_v3_large, mobilenet_v3_small, vgg11_bn, vgg16_bn, torchvision_resnet18, resnet20_mlnet.")]
    [InlineData("--kernels", "slow", "Unknown kernels 'slow'. Valid values: plain, fast, both.")]
    [InlineData("--dataset", "mnist", "Unknown data set 'mnist'. Valid values: synthetic, cifar10, imagefolder:PATH.")]
    [InlineData("--memory-format", "nhwc", "Unknown memory format 'nhwc'. Valid values: channels-last, contiguous.")]
    [InlineData("--precision", "int8", "Unknown precision 'int8'. Valid values: fp32, tf32, bf16, fp16.")]
    [InlineData("--resolution", "8", "--resolution is '8'; it must be a whole number from 16 to 1024.")]
    [InlineData("--batch-size", "0", "--batch-size is '0'; it must be a whole number from 1 to 65536.")]
    [InlineData("--threads", "0", "--threads is '0'; it must be a whole number from 1 to 1024.")]
    [InlineData("--dataset-label", "My Set", "--dataset-label is 'My Set'; it must be 1 to 40 lower-case letters, digits and hyphens.")]
    public void BadValue_ListsTheValidOnes(string option, string value, string message) => Assert.Equal(message, Error(option, value));

    [Fact]
    public void EverythingWrong_IsInOneMessage()
    {
        var message = Error("--policies", "thaw,frozen,melt", "--backbone", "vgg16", "--dataset", "mnist", "--memory-format", "nhwc",
            "--resolution", "8", "--batch-size", "x", "--no-such-option");
        foreach (var expected in new[] { "'thaw'", "'melt'", "'vgg16'", "'mnist'", "'nhwc'", "--resolution is '8'", "--batch-size is 'x'", "--no-such-option" })
            Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("'frozen'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsOfOtherChecks_AreInTheSameMessage()
    {
        var error = Assert.Throws<UserErrorException>(() => CommandLineHost.ThrowIfWrong(Parse("--threads", "0"), ["--a and --b do not go together."]));
        Assert.Equal(
            """
            --threads is '0'; it must be a whole number from 1 to 1024.
            --a and --b do not go together.
            See --help for every option.
            """,
            error.Message);
    }

    [Fact]
    public void GoodValues_AreTaken()
    {
        var result = Parse("--policies", "frozen,fine-tune", "--backbone", "resnet50", "--dataset", "cifar10",
            "--data-dir", "somewhere", "--dataset-label", "cifar10-jpeg",
            "--memory-format", "contiguous", "--resolution", "224", "--batch-size", "1", "--threads", "2", "--device", "cuda:1", "--precision", "bf16", "--kernels", "both", "--no-cudnn-autotune", "--out", "there");
        CommandLineHost.ThrowIfWrong(result, []);

        Assert.Equal([FreezingPolicy.Frozen, FreezingPolicy.FineTune], result.GetValue(options.Policies)!);
        Assert.Equal(NetworkCatalog.ResNet50, result.GetValue(options.Network));
        Assert.Equal([KernelSet.Plain, KernelSet.Fast], result.GetValue(options.Kernels)!);
        Assert.Equal("cifar10", result.GetValue(options.Dataset));
        Assert.Equal("somewhere", result.GetValue(options.DataDirectory));
        Assert.Equal("cifar10-jpeg", result.GetValue(options.DatasetLabel));
        Assert.Equal(MemoryFormat.Contiguous, result.GetValue(options.MemoryFormat));
        Assert.Equal((Precision.Bf16, true), (result.GetValue(options.Precision), result.GetValue(options.NoCudnnAutotune)));
        Assert.Equal((224, 1, 2), (result.GetValue(options.Resolution), result.GetValue(options.BatchSize), result.GetValue(options.Threads)));
        Assert.Equal(("cuda:1", "there"), (result.GetValue(options.Device), result.GetValue(options.Out)));
    }

    [Fact]
    public void Network_IsAnotherNameOfBackbone() => Assert.Equal("mobilenet_v2", Parse("--network", "mobilenet_v2").GetValue(options.Network)?.Name);

    [Fact]
    public void NothingGiven_IsNotWrong()
    {
        var result = Parse();
        CommandLineHost.ThrowIfWrong(result, []);
        Assert.Null(result.GetValue(options.Policies));
        Assert.Null(result.GetValue(options.Resolution));
    }

    [Fact]
    public void EveryOption_SaysItsDefaultOrThatItIsNeeded()
    {
        var command = new RootCommand();
        options.AddTo(command);
        var ours = command.Options.Where(option => option is not System.CommandLine.Help.HelpOption and not VersionOption).ToList();

        Assert.Equal(15, ours.Count);
        Assert.All(ours, option => Assert.Matches("Default: |Needed for ", option.Description!));
    }

    private string Error(params string[] arguments)
    {
        var message = Assert.Throws<UserErrorException>(() => CommandLineHost.ThrowIfWrong(Parse(arguments), [])).Message;
        Assert.EndsWith("\nSee --help for every option.", message, StringComparison.Ordinal);
        return message[..message.LastIndexOf('\n')];
    }

    private ParseResult Parse(params string[] arguments)
    {
        var command = new RootCommand();
        options.AddTo(command);
        return command.Parse(arguments);
    }
}
