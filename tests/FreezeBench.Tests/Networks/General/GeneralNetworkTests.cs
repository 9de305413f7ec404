using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.General;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Results;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.General;

public sealed class GeneralNetworkTests
{
    private const int Px = 32;

    [Theory]
    [InlineData("classifier", "classifier.3", 4)]
    [InlineData("classifier.3", "classifier.3", 6)]
    public void Stages_OneAfterTheOther_AreTheModule(string headName, string linear, int features)
    {
        using var scope = NewDisposeScope();
        using var network = new GeneralNetwork(new OwnModule(Thin.Classes), headName, Thin.Classes, Px);
        Assert.Equal(["backbone", "head"], network.Stages.Select(stage => stage.Name));
        Assert.Equal((linear, features, Thin.Classes), (network.HeadName, network.FeatureCount, network.Classes));
        Assert.Equal([4, features], network.Stages[0].Run(Thin.TinyImages()).shape);
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages());
        NetworkAssert.StagesShareOutTheModule(network);
        NetworkAssert.StagesLeaveNothingBehind(network, Thin.TinyImages());
    }

    [Fact]
    public void TorchVisionsModule_WorksWithItsClassifierAsHead()
    {
        using var scope = NewDisposeScope();
        var module = TorchVisionModel.MobileNetV3Small.Build(Thin.Classes, Px).Module;
        using var network = new GeneralNetwork(module, "classifier", Thin.Classes, Px);
        Assert.Equal(("classifier.3", 576), (network.HeadName, network.FeatureCount));
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages());
        NetworkAssert.StagesShareOutTheModule(network);
    }

    [Fact]
    public void Backbone_BuildsAGraph_AndNoneOfTheHead()
    {
        using var scope = NewDisposeScope();
        using var network = new GeneralNetwork(new OwnModule(Thin.Classes), "classifier", Thin.Classes, Px);
        network.Stages[0].Run(Thin.TinyImages()).sum().backward();
        Assert.All(network.Stages[0].Modules.SelectMany(module => module.parameters()), parameter => Assert.NotNull(parameter.grad));
        Assert.All(network.Stages[1].Modules.SelectMany(module => module.parameters()), parameter => Assert.Null(parameter.grad));
        using var noGrad = no_grad();
        Assert.False(network.Stages[0].Run(Thin.TinyImages()).requires_grad);
    }

    [Fact]
    public void Probe_MovesNoState()
    {
        using var scope = NewDisposeScope();
        var module = new OwnModule(Thin.Classes);
        module.children().First().eval();
        var modes = module.modules().Prepend(module).Select(part => part.training).ToList();
        var state = module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        using var network = new GeneralNetwork(module, "classifier", Thin.Classes, Px);
        Assert.Equal(modes, module.modules().Prepend(module).Select(part => part.training));
        Assert.All(module.state_dict(), entry => Assert.Equal(state[entry.Key], entry.Value.bytes.ToArray()));
    }

    [Fact]
    public void Probe_LeavesTheGeneratorAsItWas_AndAHeadInTwoPlacesIsTheHeadAlone()
    {
        using var scope = NewDisposeScope();
        var module = new RestlessModule(Thin.Classes);
        random.manual_seed(3);
        var expected = rand(4);
        random.manual_seed(3);
        using var network = new GeneralNetwork(module, "fc", Thin.Classes, Px);
        Assert.True(rand(4).bytes.SequenceEqual(expected.bytes));
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages());
        NetworkAssert.StagesShareOutTheModule(network);
    }

    [Fact]
    public void Head_ThatOthersHook_GetsWhatTheyMakeOfItOnce()
    {
        using var scope = NewDisposeScope();
        using var network = new GeneralNetwork(new OwnModule(Thin.Classes), "classifier", Thin.Classes, Px);
        ((nn.Module<Tensor, Tensor>)network.Stages[1].Modules[0]).register_forward_pre_hook((_, input) => input * 2);
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages());
    }

    [Fact]
    public void UnknownHead_IsRefused_WithWhatThereIs()
    {
        Refused("The head 'fc' was asked for, but OwnModule has no 'fc'. Inside it: ", "fc", "conv", "bn", "classifier");
        Refused("The head 'classifier.9' was asked for, but Sequential has no '9'. Inside it: 0, 1, 2, 3.", "classifier.9");
        Refused("The head 'conv.x' was asked for, but Conv2d has no 'x'. Inside it: nothing.", "conv.x");
    }

    [Fact]
    public void HeadWithoutALinearLayer_IsRefused() =>
        Refused("The head 'bn' has no linear layer in it (BatchNorm2d).", "bn");

    [Fact]
    public void NumberOfClassesThatIsIgnored_IsRefused() =>
        Refused("OwnModule was to be built for 7 classes, but gives 10 logits for each image.", "classifier", new OwnModule(10), classes: 7);

    [Fact]
    public void OutputThatIsNotLogits_IsRefused() => Refused(
        "OwnModule gives [2, 3, 1] for 2 images; logits are [2, classes].", "classifier",
        new OwnModule(Thin.Classes, (module, features) => module.Classified(features).unsqueeze(2)));

    [Fact]
    public void HeadThatIsNotCalledOnce_IsRefused()
    {
        Refused(
            "OwnModule does not call its 'classifier' in a forward pass.", "classifier",
            new OwnModule(Thin.Classes, (_, features) => features[TensorIndex.Colon, TensorIndex.Slice(0, Thin.Classes)]));
        Refused(
            "OwnModule calls its 'classifier' 2 times in a forward pass; a head is called once.", "classifier",
            new OwnModule(Thin.Classes, (module, features) => module.Classified(features) + module.Classified(features * 2)));
    }

    [Fact]
    public void HeadThatSomethingFollows_IsRefused() => Refused(
        "OwnModule goes on after its 'classifier': its output is not the head's.", "classifier",
        new OwnModule(Thin.Classes, (module, features) => module.Classified(features).mul_(2)));

    [Fact]
    public void ModuleThatThrows_IsRefused_WithThePlaceInItsCode()
    {
        using var module = new OwnModule(Thin.Classes, (module, features) => module.Classified(features.reshape(7, 7)));
        var message = Assert.Throws<UserErrorException>(() => new GeneralNetwork(module, "classifier", Thin.Classes, Px)).Message;
        Assert.StartsWith($"OwnModule does not take 2 images of {Px} px, [2, 3, {Px}, {Px}]: libtorch says: shape '[7, 7]' is invalid for input of size 8", message, StringComparison.Ordinal);
        Assert.Contains("(in GeneralNetworkTests, GeneralNetworkTests.cs line ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void FunctionThatMakesNoModule_IsRefused()
    {
        Assert.Equal(
            "Network 'mine' cannot be made for 3 classes: null was returned in place of a module.",
            Assert.Throws<UserErrorException>(() => Network.Of("mine", _ => null!, "fc").Build(3, Px)).Message);
        Assert.StartsWith(
            "Network 'mine' cannot be made for 3 classes: ArgumentException: no weights (in GeneralNetworkTests",
            Assert.Throws<UserErrorException>(() => Network.Of("mine", _ => throw new ArgumentException("no weights"), "fc").Build(3, Px)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeadThatIsAll_IsRefused() => Refused(
        "Nothing before the head '1' has parameters: there is no backbone to freeze or to train.", "1",
        nn.Sequential(nn.Flatten(), nn.Linear(3 * Px * Px, Thin.Classes)));

    private static void Refused(string start, string headName, nn.Module<Tensor, Tensor> module, int classes = Thin.Classes)
    {
        using (module)
            Assert.StartsWith(start, Assert.Throws<UserErrorException>(() => new GeneralNetwork(module, headName, classes, Px)).Message, StringComparison.Ordinal);
    }

    private static void Refused(string start, string headName, params string[] alsoSaid)
    {
        using var module = new OwnModule(Thin.Classes);
        var message = Assert.Throws<UserErrorException>(() => new GeneralNetwork(module, headName, Thin.Classes, Px)).Message;
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        Assert.All(alsoSaid, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }
}
